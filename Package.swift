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
  ],
  targets: [
    .target(name: "Market", swiftSettings: settings),
    .target(name: "Indicators", swiftSettings: settings),
    .target(name: "Strategy", dependencies: ["Market", "Indicators"], swiftSettings: settings),
    .target(name: "Execution", dependencies: ["Market", "Strategy"], swiftSettings: settings),
    .target(name: "Matching", dependencies: ["Market"], swiftSettings: settings),
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
    .target(name: "Hashing", dependencies: ["COpenSSL"], swiftSettings: settings),
    .target(
      name: "Reporting", dependencies: ["Market", "Strategy", "Execution", "Hashing"],
      swiftSettings: settings),
    .testTarget(name: "IndicatorsTests", dependencies: ["Indicators"], swiftSettings: settings),
    .testTarget(name: "HashingTests", dependencies: ["Hashing"], swiftSettings: settings),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Market", "Strategy", "Execution", "Reporting"],
      exclude: ["Golden"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
