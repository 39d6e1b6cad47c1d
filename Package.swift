// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "ratchet",
  products: [
    .library(name: "Market", targets: ["Market"]),
    .library(name: "Indicators", targets: ["Indicators"]),
    .library(name: "Strategy", targets: ["Strategy"]),
    .library(name: "Execution", targets: ["Execution"]),
    .library(name: "Matching", targets: ["Matching"]),
    .library(name: "Simulator", targets: ["Simulator"]),
  ],
  targets: [
    .target(name: "Market", swiftSettings: settings),
    .target(name: "Indicators", swiftSettings: settings),
    .target(name: "Strategy", dependencies: ["Market", "Indicators"], swiftSettings: settings),
    .target(name: "Execution", dependencies: ["Market", "Strategy"], swiftSettings: settings),
    .target(name: "Matching", dependencies: ["Market"], swiftSettings: settings),
    .target(
      name: "Reporting", dependencies: ["Market", "Strategy", "Execution"], swiftSettings: settings),
    .systemLibrary(name: "CCSV", providers: [.apt(["libcsv-dev"])]),
    .target(
      name: "Simulator", dependencies: ["CCSV", "Market", "Reporting"], swiftSettings: settings),
    .testTarget(
      name: "SimulatorTests", dependencies: ["Simulator", "Market", "Reporting"],
      swiftSettings: settings),
    .testTarget(name: "IndicatorsTests", dependencies: ["Indicators"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
