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
    .library(name: "Reporting", targets: ["Reporting"]),
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
    .target(
      name: "TestKit",
      dependencies: ["Market", "Strategy", "Execution", "Matching", "Simulator"],
      swiftSettings: settings),
    .testTarget(
      name: "MarketTests", dependencies: ["Market", "Simulator", "TestKit"],
      swiftSettings: settings),
    .testTarget(
      name: "StrategyTests",
      dependencies: ["Market", "Indicators", "Strategy", "Simulator", "TestKit"],
      swiftSettings: settings),
    .testTarget(
      name: "ExecutionTests",
      dependencies: ["Market", "Strategy", "Execution", "Simulator", "TestKit"],
      swiftSettings: settings),
    .testTarget(
      name: "MatchingTests", dependencies: ["Market", "Matching", "TestKit"],
      swiftSettings: settings),
    .testTarget(
      name: "SimulatorTests",
      dependencies: ["Market", "Strategy", "Execution", "Matching", "Simulator", "TestKit"],
      swiftSettings: settings),
    .testTarget(name: "IndicatorsTests", dependencies: ["Indicators"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
