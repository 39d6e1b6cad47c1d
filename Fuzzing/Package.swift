// swift-tools-version: 6.1
import PackageDescription

// A package of its own: libFuzzer brings `main`, so these products only link when built one by one
// with `--sanitize=fuzzer`, which `scripts/fuzz` does. A whole build would fail for want of `main`.
func fuzzer(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: [.product(name: "FuzzTargets", package: "ratchet")],
    swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

let package = Package(
  name: "fuzzing",
  dependencies: [.package(name: "ratchet", path: "..")],
  targets: [
    fuzzer("FuzzCSV"), fuzzer("FuzzDecimal"), fuzzer("FuzzYAML"), fuzzer("FuzzRecord"),
    fuzzer("FuzzDatabase"),
  ]
)
