import FuzzTargets
import Glibc

/// The target that the environment names: one program for all of them is built once.
private let target: FuzzTarget = {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("FUZZ_TARGET is '\(name)', expected one of \(names)")
  }
  return target
}()

/// libFuzzer calls this with each input; its own `main` is linked in by `--sanitize=fuzzer`.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.check(start, count: count)
  return 0
}
