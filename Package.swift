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
    .library(name: "Configuration", targets: ["Configuration"]),
  ],
  targets: [
    .target(name: "Market", swiftSettings: settings),
    .target(name: "Indicators", swiftSettings: settings),
    .target(name: "Strategy", dependencies: ["Market", "Indicators"], swiftSettings: settings),
    .target(name: "Execution", dependencies: ["Market", "Strategy"], swiftSettings: settings),
    .target(name: "Matching", dependencies: ["Market"], swiftSettings: settings),
    .target(
      name: "Simulator",
      dependencies: ["Market", "Strategy", "Execution", "Matching", "Reporting"],
      swiftSettings: settings),
    .target(
      name: "Reporting", dependencies: ["Market", "Strategy", "Execution"], swiftSettings: settings),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(
      name: "Configuration", dependencies: ["CYAML", "Market", "Strategy"], swiftSettings: settings),
    .testTarget(
      name: "ConfigurationTests", dependencies: ["Configuration", "Market", "Strategy"],
      swiftSettings: settings),
    .testTarget(name: "IndicatorsTests", dependencies: ["Indicators"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
