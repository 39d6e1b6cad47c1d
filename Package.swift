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
    .library(name: "Indicators", targets: ["Indicators"])
  ],
  targets: [
    .target(
      name: "Indicators", swiftSettings: settings,
      // Optimised `squareRoot()` falls back on C's `sqrt`; nothing here imports Glibc to link it.
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .testTarget(
      name: "IndicatorsTests", dependencies: ["Indicators"], exclude: ["Reference"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
