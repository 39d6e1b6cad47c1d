// swift-tools-version: 6.1
import PackageDescription

// A package of its own: libFuzzer brings `main`, so the product only links with `--sanitize=fuzzer`,
// which `scripts/fuzz` says. A build without it would fail for want of `main`.
let package = Package(
  name: "fuzzing",
  dependencies: [.package(name: "ratchet", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzz", dependencies: [.product(name: "FuzzTargets", package: "ratchet")],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ]
)
