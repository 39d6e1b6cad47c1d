// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// What `Backtest` and everything below it needs, from the bottom up. Imports only go down, which
// Tests/HouseTests checks against the sources.
let core: [Target.Dependency] = ["Market", "Strategy", "Execution", "Matching"]

let package = Package(
  name: "ratchet",
  products: [
    .library(name: "Market", targets: ["Market"]),
    .library(name: "Indicators", targets: ["Indicators"]),
    .library(name: "Strategy", targets: ["Strategy"]),
    .library(name: "Execution", targets: ["Execution"]),
    .library(name: "Matching", targets: ["Matching"]),
    .library(name: "Configuration", targets: ["Configuration"]),
    .library(name: "Reporting", targets: ["Reporting"]),
    .library(name: "Simulator", targets: ["Simulator"]),
    .library(name: "Runner", targets: ["Runner"]),
    .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
    .executable(name: "runner", targets: ["RunnerMain"]),
    .executable(name: "torture", targets: ["TortureMain"]),
  ],
  targets: [
    // System libraries: one module map each.
    .systemLibrary(name: "CCSV", providers: [.apt(["libcsv-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    // Headers alone: `Persistence` loads the library that a file needs.
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CWebSockets", pkgConfig: "libwebsockets", providers: [.apt(["libwebsockets-dev"])]),
    .systemLibrary(name: "CYAJL", providers: [.apt(["libyajl-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

    // The core: pure values.
    .target(name: "Market", swiftSettings: settings),
    .target(
      name: "Indicators", swiftSettings: settings,
      // Optimised `squareRoot()` falls back on C's `sqrt`; nothing here imports Glibc to link it.
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "Strategy", dependencies: ["Market", "Indicators"], swiftSettings: settings),
    .target(name: "Execution", dependencies: ["Market", "Strategy"], swiftSettings: settings),
    .target(name: "Matching", dependencies: ["Market"], swiftSettings: settings),

    // The shells around it.
    .target(
      name: "Configuration",
      dependencies: ["Market", "Strategy", "Execution", "Secrets", "CYAML"],
      swiftSettings: settings),
    .target(name: "JSON", dependencies: ["CYAJL"], swiftSettings: settings),
    .target(name: "Hashing", dependencies: ["COpenSSL"], swiftSettings: settings),
    .target(name: "Secrets", swiftSettings: settings),
    .target(name: "Locking", swiftSettings: settings),
    .target(name: "Telemetry", dependencies: ["Locking"], swiftSettings: settings),
    .target(name: "Throttling", dependencies: ["Market"], swiftSettings: settings),
    // Style sheet and script of the HTML report: compiled in, since the program is one file.
    .target(
      name: "PageAssets",
      resources: [
        "report.css", "series.js", "paint.js", "panes.js", "stage.js", "hands.js", "page.js",
      ].map {
        .embedInCode("Report/\($0)")
      }, swiftSettings: settings),
    .target(
      name: "Reporting",
      dependencies: ["Market", "Strategy", "Execution", "Hashing", "JSON", "PageAssets"],
      swiftSettings: settings),
    .target(
      name: "Credentials", dependencies: ["JSON", "Secrets", "COpenSSL"], swiftSettings: settings),
    .target(
      name: "Network", dependencies: ["COpenSSL", "CWebSockets", "Locking"], swiftSettings: settings
    ),
    .target(
      name: "LiveBroker",
      dependencies: core + [
        "Configuration", "Credentials", "Hashing", "JSON", "Locking", "Network", "Persistence",
        "Secrets", "Throttling",
      ],
      swiftSettings: settings),
    .target(
      name: "Sandbox",
      dependencies: [
        "Market", "Strategy", "Matching", "Configuration", "Credentials", "JSON", "Locking",
        "Network", "Secrets", "Throttling",
      ],
      swiftSettings: settings),
    .target(
      name: "Persistence",
      dependencies: [
        "Market", "Strategy", "Execution", "Hashing", "JSON", "Locking", "Secrets", "CSQLite",
      ],
      swiftSettings: settings),
    .target(
      name: "Simulator", dependencies: core + ["Persistence", "Reporting", "CCSV"],
      swiftSettings: settings),
    .target(
      name: "Runner",
      dependencies: core + [
        "Configuration", "Credentials", "Hashing", "JSON", "LiveBroker", "Network", "Persistence",
        "Reporting", "Sandbox", "Secrets", "Simulator", "Telemetry",
      ],
      swiftSettings: settings),
    .executableTarget(name: "RunnerMain", dependencies: ["Runner"], swiftSettings: settings),

    // Benchmarks: `swift run --configuration release benchmarks`. It runs the three other programs.
    .target(
      name: "Reference", path: "Benchmarks/Reference",
      linkerSettings: [.linkedLibrary("csv"), .linkedLibrary("m")]),
    .executableTarget(
      name: "reference-backtest", dependencies: ["Reference"], path: "Benchmarks/ReferenceBacktest"),
    .executableTarget(
      name: "reference-store", path: "Benchmarks/ReferenceStore",
      linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(name: "timed", path: "Benchmarks/Timed"),
    .executableTarget(
      name: "benchmarks",
      dependencies: core + [
        "Credentials", "Indicators", "LiveBroker", "Network", "Persistence", "Reference",
        "Reporting", "RunnerMain", "Sandbox", "Simulator", "reference-backtest",
        "reference-store", "timed",
      ],
      path: "Benchmarks/Benchmarks", swiftSettings: settings),

    // What the package in Fuzzing calls: `scripts/fuzz`.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "COpenSSL", "Configuration", "Execution", "JSON", "LiveBroker", "Market", "Network",
        "Persistence", "Sandbox", "Simulator", "Strategy",
      ],
      swiftSettings: settings),

    // Sessions that are killed and lied to, and what must hold of them all the same: `scripts/torture`.
    .target(
      name: "Torture",
      dependencies: core + [
        "Configuration", "Locking", "Network", "Persistence", "Sandbox", "Simulator", "TestKit",
      ],
      swiftSettings: settings),
    .executableTarget(name: "TortureMain", dependencies: ["Torture"], swiftSettings: settings),

    // Tests.
    .target(
      name: "TestKit", dependencies: core + ["Locking", "Persistence", "Simulator"],
      swiftSettings: settings),
    .testTarget(
      name: "MarketTests", dependencies: ["Market", "Simulator", "TestKit"],
      swiftSettings: settings),
    .testTarget(
      name: "IndicatorsTests", dependencies: ["Indicators", "Simulator", "TestKit"],
      exclude: ["Reference"],
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
      name: "ConfigurationTests",
      dependencies: [
        "Configuration", "Execution", "Market", "Secrets", "Simulator", "Strategy", "TestKit",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FuzzTargetsTests", dependencies: ["FuzzTargets"], swiftSettings: settings),
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "Configuration", "Execution", "Market", "Reporting", "Runner", "Simulator",
      ],
      exclude: ["Cases", "Portfolio"], swiftSettings: settings),
    .testTarget(name: "HashingTests", dependencies: ["Hashing"], swiftSettings: settings),
    .testTarget(
      name: "CredentialsTests", dependencies: ["Credentials", "Secrets", "TestKit"],
      swiftSettings: settings),
    .testTarget(
      name: "LiveBrokerTests",
      dependencies: [
        "Configuration", "Credentials", "LiveBroker", "Market", "Secrets", "Simulator", "Strategy",
        "TestKit", "Throttling",
      ],
      swiftSettings: settings),
    .testTarget(name: "NetworkTests", dependencies: ["Network"], swiftSettings: settings),
    .testTarget(
      name: "PersistenceTests",
      dependencies: core + ["Persistence", "Secrets", "Simulator", "TestKit"],
      swiftSettings: settings),
    .testTarget(
      name: "SandboxTests",
      dependencies: core + [
        "Configuration", "Credentials", "JSON", "LiveBroker", "Network", "Sandbox", "Secrets",
        "Simulator", "TestKit",
      ],
      swiftSettings: settings),
    .testTarget(name: "SecretsTests", dependencies: ["Secrets"], swiftSettings: settings),
    .testTarget(name: "TelemetryTests", dependencies: ["Telemetry"], swiftSettings: settings),
    .testTarget(
      name: "ThrottlingTests", dependencies: ["Market", "Throttling"], swiftSettings: settings),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    .testTarget(name: "HouseTests", swiftSettings: settings),
    .testTarget(
      name: "ReportingTests",
      dependencies: core + ["PageAssets", "Reporting", "Simulator", "TestKit"],
      exclude: ["Golden"], swiftSettings: settings),
    .testTarget(
      name: "SimulatorTests", dependencies: core + ["Reporting", "Simulator", "TestKit"],
      swiftSettings: settings),
    // Depends on the executable so that it is built: some of these tests run it.
    .testTarget(
      name: "SessionTests",
      dependencies: core + [
        "Configuration", "Credentials", "LiveBroker", "Network", "Persistence", "Runner", "Sandbox",
        "Simulator", "TestKit",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TortureTests",
      dependencies: core + [
        "Configuration", "Persistence", "Sandbox", "Simulator", "TestKit", "Torture",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "RunnerTests",
      dependencies: core + [
        "Configuration", "JSON", "Network", "Persistence", "Reporting", "Runner", "RunnerMain",
        "Sandbox", "Secrets", "Simulator", "TestKit",
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
