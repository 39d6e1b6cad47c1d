import Testing

/// The table of floors, which `Sources` must match word for word.
///
/// A new import fails here until somebody has thought about the floors and changed the table.
@Suite("Imports only go down")
struct FloorTests {
  struct Module: CustomTestStringConvertible, Sendable {
    let name: String
    let floor: Int
    /// Modules of this package.
    let imports: Set<String>
    /// C libraries and what the toolchain brings.
    let system: Set<String>
    var testDescription: String { name }

    init(_ name: String, _ floor: Int, _ imports: Set<String> = [], system: Set<String> = []) {
      self.name = name
      self.floor = floor
      self.imports = imports
      self.system = system
    }
  }

  private static let table = [
    // The core: no Foundation, no Glibc, no C.
    Module("Market", 1),
    Module("Indicators", 1),
    Module("Strategy", 2, ["Market", "Indicators"]),
    Module("Execution", 3, ["Market", "Strategy"]),
    Module("Matching", 4, ["Market"]),
    // The shells.
    Module("Hashing", 1, system: ["COpenSSL"]),
    Module("JSON", 1, system: ["CYAJL"]),
    Module("PageAssets", 1),
    Module("Secrets", 1, system: ["Glibc"]),
    Module("Locking", 0, system: ["Glibc"]),
    Module("Telemetry", 1, ["Locking"], system: ["Glibc", "Synchronization"]),
    Module("Throttling", 2, ["Market"]),
    Module(
      "Configuration", 4, ["Market", "Strategy", "Execution", "Secrets"],
      system: ["CYAML", "Glibc"]),
    Module("Credentials", 4, ["JSON", "Secrets"], system: ["COpenSSL", "Glibc"]),
    Module("Network", 4, ["Locking"], system: ["COpenSSL", "CWebSockets", "Glibc"]),
    Module(
      "Persistence", 4,
      ["Market", "Strategy", "Execution", "Hashing", "JSON", "Locking", "Secrets"],
      system: ["CSQLite", "Glibc"]),
    Module(
      "Reporting", 4, ["Market", "Strategy", "Execution", "Hashing", "JSON", "PageAssets"],
      system: ["Glibc"]),
    Module(
      "Simulator", 5,
      ["Market", "Strategy", "Execution", "Matching", "Persistence", "Reporting"],
      system: ["CCSV", "Glibc"]),
    Module(
      "LiveBroker", 5,
      [
        "Market", "Strategy", "Execution", "Matching", "Configuration", "Credentials", "Hashing",
        "JSON", "Locking", "Network", "Persistence", "Secrets", "Throttling",
      ]),
    Module(
      "Sandbox", 5,
      [
        "Market", "Strategy", "Matching", "Configuration", "Credentials", "JSON", "Locking",
        "Network", "Secrets", "Throttling",
      ]),
    Module(
      "Runner", 6,
      [
        "Market", "Strategy", "Execution", "Matching", "Configuration", "Hashing", "JSON",
        "Credentials", "LiveBroker", "Network", "Persistence", "Reporting", "Sandbox", "Secrets",
        "Simulator", "Telemetry",
      ], system: ["Glibc", "Synchronization"]),
    Module("RunnerMain", 7, ["Runner"]),
    // For tests only.
    Module(
      "FuzzTargets", 6,
      [
        "Configuration", "Execution", "JSON", "LiveBroker", "Market", "Network", "Persistence",
        "Sandbox", "Simulator", "Strategy",
      ],
      system: ["COpenSSL", "Glibc", "Synchronization"]),
    Module(
      "TestKit", 6,
      ["Market", "Strategy", "Execution", "Locking", "Matching", "Persistence", "Simulator"],
      system: ["Glibc"]),
    Module(
      "Torture", 7,
      [
        "Market", "Strategy", "Execution", "Configuration", "Locking", "Network", "Persistence",
        "Sandbox", "Simulator", "TestKit",
      ], system: ["Glibc", "Synchronization"]),
    Module("TortureMain", 8, ["Torture"]),
  ]

  /// Modules on one floor that may know each other: none so far.
  private static let neighbours: [(from: String, to: String)] = []

  private static let core: Set = ["Market", "Indicators", "Strategy", "Execution", "Matching"]

  /// What is wrong with a table by itself.
  static func defects(of table: [Module], neighbours: [(from: String, to: String)]) -> [String] {
    var defects: [String] = []
    for module in table {
      for name in module.imports.sorted() {
        guard let other = table.first(where: { $0.name == name }) else {
          defects.append("\(module.name) imports \(name), which has no floor")
          continue
        }
        if neighbours.contains(where: { $0.from == module.name && $0.to == name }) { continue }
        if other.floor >= module.floor {
          defects.append("\(module.name) (\(module.floor)) imports \(name) (\(other.floor))")
        }
      }
    }
    return defects
  }

  @Test func `the table itself goes down`() {
    #expect(Self.defects(of: Self.table, neighbours: Self.neighbours) == [])
    for module in Self.table where Self.core.contains(module.name) {
      #expect(module.imports.isSubset(of: Self.core), "\(module.name)")
      #expect(module.system == [], "\(module.name)")
    }
  }

  @Test func `every module of Sources has a floor, and no other`() throws {
    let modules = try House.folders(in: "Sources").filter { try !House.swiftFiles(of: $0).isEmpty }
    #expect(Set(modules) == Set(Self.table.map(\.name)))
  }

  @Test("A module imports exactly what the table says", arguments: table)
  func imports(of module: Module) throws {
    let files = try House.swiftFiles(of: module.name)
    #expect(!files.isEmpty)
    let allowed = module.imports.union(module.system)
    var found: Set<String> = []
    for file in files {
      let imports = SwiftSource(file.text).imports
      #expect(imports.subtracting(allowed) == [], "\(file.path)")
      found.formUnion(imports)
    }
    #expect(allowed.subtracting(found) == [], "in the table, but nowhere imported")
  }

  // MARK: - Whether these tests can fail

  @Test func `an import upwards, to a neighbour or into the unknown is a defect`() {
    let table = [
      Module("Low", 1, ["High"]), Module("Left", 2, ["Right", "Low"]), Module("Right", 2, ["Moon"]),
      Module("High", 3, ["Low"]),
    ]
    #expect(
      Self.defects(of: table, neighbours: []) == [
        "Low (1) imports High (3)", "Left (2) imports Right (2)",
        "Right imports Moon, which has no floor",
      ])
    #expect(Self.defects(of: table, neighbours: [("Left", "Right")]).count == 2)
  }

  @Test func `imports are found however they are written`() {
    let source = """
      import One
      public import Two
      @testable import Three
      @preconcurrency package import Four  // import Five
      import struct Six.Seven
      import Eight.Submodule; import Nine
      // import Ten
      /* import Eleven
      import Twelve /* nested */
      import Thirteen */
        import Fourteen
      let text = "import Fifteen"
      let important = 1
      """
    #expect(
      SwiftSource(source).imports
        == ["One", "Two", "Three", "Four", "Six", "Eight", "Nine", "Fourteen"])
  }
}
