import Testing

@Suite("The package as a whole")
struct PackageTests {
  // MARK: - Package.swift

  /// What a manifest must not have.
  static func defects(ofManifest text: String) -> [String] {
    let code = SwiftSource(text).code
    return [".package(", "unsafeFlags", ".plugin(", ".binaryTarget(", "http"].filter {
      code.contains($0)
    }
  }

  /// The targets that a manifest declares, each as its kind and name.
  static func targets(ofManifest text: String) -> [(kind: String, name: String)] {
    SwiftSource(text).code.matches(
      of: #/\.(target|executableTarget|testTarget|systemLibrary)\(\s*name:\s*"(\w+)"/#
    ).map { (String($0.1), String($0.2)) }
  }

  private func manifest() throws -> House.File {
    try #require(try House.files("Package.swift").first)
  }

  @Test func `the package depends on no other and sets no unsafe flag`() throws {
    #expect(Self.defects(ofManifest: try manifest().text) == [])
  }

  /// Targets with a path of their own, in Benchmarks.
  private static let elsewhere: Set = ["Reference", "benchmarks", "timed"]

  @Test func `every target has files, and every folder is a target`() throws {
    let targets = Self.targets(ofManifest: try manifest().text)
    #expect(targets.count > 20)
    for (kind, name) in targets where !Self.elsewhere.contains(name) {
      let files = try House.files("\(kind == "testTarget" ? "Tests" : "Sources")/\(name)")
      let suffix = kind == "systemLibrary" ? "module.modulemap" : ".swift"
      #expect(files.contains { $0.path.hasSuffix(suffix) }, "\(name)")
    }
    for (folder, isTest) in [("Sources", false), ("Tests", true)] {
      let declared = targets.filter { ($0.kind == "testTarget") == isTest }.map(\.name)
        .filter { !Self.elsewhere.contains($0) }
      let found = try House.folders(in: folder).filter { $0 != "Mutants" }  // A list, no tests.
      #expect(found == declared.sorted())
    }
  }

  // MARK: - Files

  private static let lineLimit = 450

  /// The files that are too long.
  static func tooLong(_ files: [House.File]) -> [String] {
    files.filter { $0.lines.count > lineLimit }.map { "\($0.path): \($0.lines.count) lines" }
  }

  @Test func `no source file is too long to read`() throws {
    let files = try House.files("Sources")
    #expect(files.count > 50)
    #expect(Self.tooLong(files) == [])
  }

  @Test func `no test file is too long to read`() throws {
    // Golden files and the lists of mutants are not read from top to bottom.
    let files = try House.files("Tests").filter { $0.path.hasSuffix(".swift") }
    #expect(files.count > 50)
    #expect(Self.tooLong(files) == [])
  }

  /// Paths of somebody's machine, with their lines.
  static func machinePaths(in files: [House.File]) throws -> [String] {
    let homes = ["/work/", "/root/", "/home/", "/Users/"]
    let path = try Regex("(?:^|[^\\w.~/])(?:\(homes.joined(separator: "|")))\\w")
    return files.flatMap { file in
      zip(1..., file.lines).compactMap { number, line in
        // Most lines have none of these, and an expression takes its time on each.
        guard homes.contains(where: { line.contains($0) }) else { return nil }
        return line.firstMatch(of: path).map { _ in "\(file.path):\(number): \(line)" }
      }
    }
  }

  @Test(
    "Nothing names a path of one machine",
    arguments: [
      "Sources", "Documentation", "scripts", "Data", "Benchmarks", "Package.swift", "README.md",
      "ARCHITECTURE.md", "CHANGELOG.md", "Makefile",
    ])
  func noMachinePaths(_ path: String) throws {
    #expect(try Self.machinePaths(in: try House.files(path)) == [])
  }

  // MARK: - Whether these tests can fail

  @Test func `a manifest with dependencies is found out`() {
    let manifest = """
      // .package(url: "x")
      let package = Package(
        dependencies: [.package(url: "https://example.com/x", from: "1.0.0")],
        targets: [
          .target(name: "One", swiftSettings: [.unsafeFlags(["-Ounchecked"])]),
          .testTarget(
            name: "Two", dependencies: ["One"]),
          // .target(name: "Three"),
        ])
      """
    #expect(Self.defects(ofManifest: manifest) == [".package(", "unsafeFlags", "http"])
    #expect(Self.defects(ofManifest: "// .package(url:)") == [])
    let targets = Self.targets(ofManifest: manifest)
    #expect(targets.map(\.kind) == ["target", "testTarget"])
    #expect(targets.map(\.name) == ["One", "Two"])
  }

  @Test func `a long file is found out`() {
    let short = House.File(path: "a", text: String(repeating: "\n", count: Self.lineLimit - 1))
    let long = House.File(path: "b", text: String(repeating: "\n", count: Self.lineLimit))
    #expect(Self.tooLong([short, long]) == ["b: 451 lines"])
  }

  @Test func `a path of one machine is found out, another is not`() throws {
    let text = """
      cd /work/main
      see "/root/x", (/home/me)
      https://example.com/work/x, ./home/x, Tests/root/x, /workshop/x, ~/work/x, /work/
      """
    let found = try Self.machinePaths(in: [House.File(path: "a", text: text)])
    #expect(found.map { $0.prefix(4) } == ["a:1:", "a:2:"])
  }
}
