// Every public name of NumPy that makes sense for numbers, by the chapters of its reference pages, and what is left out
// with its reason. test/project/coverage.node.test.ts holds both against NumPy's own list, and writes docs/coverage.md.

/** NumPy's names of each chapter. */
export const chapters: Record<string, string> = {
  "array creation": `array asarray asanyarray ascontiguousarray asfortranarray arange linspace logspace geomspace copy empty
    empty_like eye identity ones ones_like zeros zeros_like full full_like diag diagflat tri tril triu vander meshgrid frombuffer
    fromfile fromfunction fromiter fromstring loadtxt mgrid ogrid indices`,
  "array manipulation": `append apply_along_axis apply_over_axes array_split asarray_chkfinite astype atleast_1d atleast_2d atleast_3d
    block broadcast_arrays broadcast_shapes broadcast_to column_stack concat concatenate copyto delete dsplit dstack expand_dims flip
    fliplr flipud hsplit hstack insert matrix_transpose moveaxis ndim pad permute_dims ravel repeat require reshape resize roll rollaxis
    rot90 shape size split squeeze stack swapaxes tile transpose trim_zeros unstack vsplit vstack`,
  "bit operations": `binary_repr bitwise_and bitwise_count bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift
    bitwise_xor invert left_shift packbits right_shift unpackbits`,
  indexing: `argwhere choose compress diag_indices diag_indices_from diagonal extract fill_diagonal flatnonzero ix_ mask_indices newaxis
    nonzero place put put_along_axis putmask ravel_multi_index select take take_along_axis tril_indices tril_indices_from triu_indices
    triu_indices_from unravel_index where`,
  products: "cross dot einsum einsum_path inner kron matmul matvec outer tensordot trace vdot vecdot vecmat",
  constants: "e euler_gamma inf nan pi",
  logic: `all allclose any array_equal array_equiv equal greater greater_equal iscomplex iscomplexobj isclose isfinite isfortran isinf
    isnan isneginf isposinf isreal isrealobj isscalar less less_equal logical_and logical_not logical_or logical_xor not_equal`,
  mathematics: `abs absolute acos acosh add angle arccos arccosh arcsin arcsinh arctan arctan2 arctanh around asin asinh atan atan2 atanh
    cbrt ceil clip conj conjugate convolve copysign cos cosh cumprod cumsum cumulative_prod cumulative_sum deg2rad degrees diff divide
    divmod ediff1d exp exp2 expm1 fabs fix float_power floor floor_divide fmax fmin fmod frexp gcd gradient heaviside hypot i0 imag
    interp lcm ldexp log log10 log1p log2 logaddexp logaddexp2 maximum minimum mod modf multiply nan_to_num nancumprod nancumsum
    nanprod nansum negative nextafter piecewise positive pow power prod rad2deg radians real real_if_close reciprocal remainder rint
    round sign signbit sin sinc sinh spacing sqrt square subtract sum tan tanh trapezoid true_divide trunc unwrap`,
  sets: "intersect1d isin setdiff1d setxor1d union1d unique unique_all unique_counts unique_inverse unique_values",
  "sorting and searching": `argmax argmin argpartition argsort count_nonzero lexsort nanargmax nanargmin partition searchsorted sort
    sort_complex`,
  statistics: `amax amin average bincount corrcoef correlate cov digitize histogram histogram2d histogram_bin_edges histogramdd max mean
    median min nanmax nanmean nanmedian nanmin nanpercentile nanquantile nanstd nanvar percentile ptp quantile std var`,
  "window functions": "bartlett blackman hamming hanning kaiser",
  "polynomials, the first interface":
    "poly poly1d polyadd polyder polydiv polyfit polyint polymul polysub polyval roots",
  dtypes: "can_cast common_type finfo iinfo isdtype issubdtype min_scalar_type promote_types result_type",
  "files and text": `array2string array_repr array_str base_repr format_float_positional format_float_scientific fromregex genfromtxt
    get_printoptions load memmap printoptions save savetxt savez savez_compressed set_printoptions`,
  memory: "may_share_memory shares_memory",
};

/** What is left out for good: NumPy's names, and why. */
export const leftOut: readonly (readonly [reason: string, names: string])[] = [
  [
    "dtypes are strings here, and the type parameter of an array: there are no scalar types and no dtype objects",
    `bool bool_ byte cdouble clongdouble complex128 complex256 complex64 complexfloating csingle double dtype dtypes flexible float128
    float16 float32 float64 floating generic half inexact int16 int32 int64 int8 int_ intc integer intp long longdouble longlong number
    short signedinteger single ubyte uint uint16 uint32 uint64 uint8 uintc uintp ulong ulonglong unsignedinteger ushort sctypeDict
    typecodes typename mintypecode ScalarType True_ False_ little_endian`,
  ],
  [
    "no strings, dates, objects or records as elements",
    `busday_count busday_offset busdaycalendar bytes_ char character datetime64 datetime_as_string datetime_data is_busday isnat object_
    rec recarray record str_ strings timedelta64 void`,
  ],
  ["no warnings by design: 1 / 0 is infinity in silence", "errstate geterr geterrcall seterr seterrcall"],
  [
    "JavaScript iterates: a loop over the array, `a.iterate()`, `memory.blocks`",
    "broadcast flatiter frompyfunc ndenumerate ndindex nditer nested_iters vectorize iterable",
  ],
  ['indices are text or lists here: `a.at("1:, ::2")`; `concatenate` and `columnStack` join', "c_ index_exp r_ s_"],
  ["superseded in NumPy too", "asmatrix bmat matrix row_stack"],
  [
    "about NumPy's build, its C code and Python's buffers",
    "core ctypeslib f2py from_dlpack get_include getbufsize info setbufsize show_config show_runtime test testing typing exceptions",
  ],
  ["no masked arrays: the `nan*` functions and `where:` do the work", "ma"],
  ["the class is `NDArray`; a ufunc is a plain function", "ndarray ufunc"],
  ["modules, counted below where they are numeric", "lib linalg fft random polynomial emath"],
];

/** What has another name here. */
export const otherwise: Record<string, string> = {
  memmap: "`openMemmap` of `nbytes/node`",
  fromiter: "`memory.fromIter`",
  asanyarray: "`asarray`: there are no subclasses",
};
