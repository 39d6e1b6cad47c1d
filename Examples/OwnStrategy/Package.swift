// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "own-strategy",
  products: [.executable(name: "own-runner", targets: ["OwnRunner"])],
  dependencies: [.package(name: "ratchet", path: "../..")],
  targets: [
    .executableTarget(
      name: "OwnRunner",
      dependencies: [
        .product(name: "Indicators", package: "ratchet"),
        .product(name: "Market", package: "ratchet"),
        .product(name: "Runner", package: "ratchet"),
        .product(name: "Simulator", package: "ratchet"),
        .product(name: "Strategy", package: "ratchet"),
      ]),
    .testTarget(
      name: "OwnRunnerTests",
      dependencies: [
        "OwnRunner",
        .product(name: "Execution", package: "ratchet"),
        .product(name: "Market", package: "ratchet"),
        .product(name: "Matching", package: "ratchet"),
        .product(name: "Simulator", package: "ratchet"),
        .product(name: "Strategy", package: "ratchet"),
      ]),
  ]
)
