const np = require("nbytes");
require("nbytes/jest");

test("toEqual compares dtype, shape and values", () => {
  expect(np.array([1, 2, 3])).toEqual(np.array([1, 2, 3]));
  expect(np.array(1)).toEqual(np.array(1));
  expect(np.array(1)).not.toEqual(np.array(2));
  expect(np.array([1])).not.toEqual(np.array([1], "int8"));
  expect(np.zeros([0, 3])).not.toEqual(np.zeros([0, 2]));
});
test("toBeCloseToArray", () => expect(np.array([0.1 + 0.2])).toBeCloseToArray([0.3]));
test("toAllocate", () => expect(() => np.zeros(10).dispose()).toAllocate({ arrays: 1, bytes: 80 }));
test("toBeLeakFree", () => expect(() => np.zeros(10).dispose()).toBeLeakFree());
test("an error of the library is one", () => {
  expect(() => np.zeros(3).at(9)).toThrow(np.IndexError);
  expect(() => np.zeros(3).at(9)).toThrow("index 9 is out of bounds");
});
