// Without nbytes/jest: the last three fail, and say so.
const np = require("nbytes");

test("equal arrays are equal", () => {
  expect(np.array([1, 2, 3])).toEqual(np.array([1, 2, 3]));
  expect(np.arange(6).reshape([2, 3]).T).toStrictEqual(
    np.array([
      [0, 3],
      [1, 4],
      [2, 5],
    ]),
  );
  expect({ deep: [np.zeros([2, 3])] }).toEqual({ deep: [np.zeros([2, 3])] });
});
test("other values are not", () => expect(np.array([1, 2, 3])).not.toEqual(np.array([1, 2, 4])));
test("a 0-d array", () => {
  expect(np.array(1)).toEqual(np.array(1));
  expect(np.array(1)).not.toEqual(np.array(2));
});
test("another dtype is not", () => expect(np.array([1, 2])).not.toEqual(np.array([1, 2], "float32")));
test("another shape is not", () => expect(np.zeros([2, 3])).not.toEqual(np.zeros([3, 2])));
test("require and import give one engine here too", () => {
  expect(require("nbytes/matchers").matchers.toAllocateNothing.call({ isNot: false }, () => {}).pass).toBe(true);
});

test("fails: values", () => expect(np.array([1, 2, 3])).toEqual(np.array([1, 2, 4])));
test("fails: deep", () =>
  expect({
    a: np.array([
      [1, 2],
      [3, 4],
    ]),
  }).toEqual({
    a: np.array([
      [1, 2],
      [3, 5],
    ]),
  }));
test("fails: dtype", () => expect(np.array([1, 2])).toStrictEqual(np.array([1, 2], "float32")));
