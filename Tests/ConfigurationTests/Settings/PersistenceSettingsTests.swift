import Configuration
import Secrets
import Testing

@Suite("Section persistence and its password")
struct PersistenceSettingsTests {
  private static let text = "persistence:\n  encryption_password: \"hunter2: swordfish\"\n"

  @Test func `without a word there is no password and no file`() throws {
    let settings = try load()
    #expect(settings.persistence.password == nil)
    #expect(settings.persistence.passwordFile == nil)
    #expect(settings["persistence.encryption_password"]?.text == "off")
    let off = try load("persistence: {encryption_password: off, encryption_password_file: off}\n")
    #expect(off.persistence == settings.persistence)
  }

  @Test func `the password is taken from a file, and in no setting's text`() throws {
    let settings = try load(Self.text)
    #expect(settings.persistence.password?.reveal() == "hunter2: swordfish")
    #expect(settings["persistence.encryption_password"]?.text == "(secret)")
    #expect(settings["persistence.encryption_password"]?.isDefault == false)
    #expect(settings["persistence.encryption_password"]?.origin.description == "a.yaml:2")
    var dumped = ""
    dump(settings, to: &dumped)
    for text in [settings.yaml, dumped, "\(settings)", String(reflecting: settings)] {
      #expect(!text.contains("swordfish"))
    }
    #expect(settings.yaml.contains("  # encryption_password: (secret)  # a.yaml:2\n"))
    // Read again, the shown text gives no password rather than a wrong one.
    #expect(try load(settings.yaml).persistence.password == nil)
  }

  @Test func `what is never part of a run does not make it another`() throws {
    #expect(try load(Self.text).ofRun == load().ofRun)
    #expect(try load(Self.text).common.all == load().common.all)
  }

  @Test(
    "It is refused on the command line, without repeating it",
    arguments: [
      "persistence.encryption_password=swordfish", "encryption_password=swordfish",
      "BTC-USD:persistence.encryption_password=swordfish", "BTC-USD:encryption_password=swordfish",
      "x.encryption_password=swordfish", "persistence.encryption_password=",
    ])
  func commandLine(_ text: String) {
    let message = complaint(sets: [text])
    #expect(!message.contains("swordfish"))
    #expect(
      message.contains(
        "--set: persistence.encryption_password is not taken from the command line, which other "
          + "users and your shell's history see"), "\(message)")
    #expect(message.contains("(persistence.encryption_password_file)"))
    #expect(message.contains("RATCHET_DB_PASSWORD"))
  }

  @Test(
    "A complaint about what stands near it does not repeat it",
    arguments: [
      "persistence:\n  encryption_pasword: swordfish\n",
      "persistence:\n  encryption_password: [swordfish]\n",
      "persistence:\n  encryption_password: {a: swordfish}\n",
      "persistence:\n  encryption_password: swordfish\n  encryption_password: swordfish\n",
      "encryption_password: swordfish\n",
      "pairs:\n  - product_id: BTC-USD\n    encryption_password: swordfish\n",
      "persistence:\n  encryption_password: swordfish\n  encryption_password_file: x\n",
      "persistence:\n  encryption_password: |\n    swordfish\n",
      "persistence:\n  encryption_password:\n",
    ])
  func complaints(_ text: String) {
    let message = complaint(text)
    #expect(message != "")
    #expect(!message.contains("swordfish"), "\(message)")
  }

  @Test func `one place is enough`() {
    let message = complaint(
      "persistence:\n  encryption_password: a\n  encryption_password_file: x\n")
    #expect(
      message
        == "a.yaml:3:29: persistence.encryption_password_file: encryption_password is given as well; "
        + "keep one of the two")
  }
}
