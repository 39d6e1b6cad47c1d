import FuzzTargets

/// libFuzzer calls this with each input; its own `main` is linked in by `--sanitize=fuzzer`.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzTarget.database.check(start, count: count)
  return 0
}
