import Secrets
import Testing

@Suite("A secret is not seen by accident")
struct SecretTests {
  private struct Login {
    var user = "me"
    var password = Secret("hunter2-swordfish")
  }

  @Test func `no way of printing shows it, alone or within another value`() {
    let login = Login()
    var dumped = ""
    dump(login, to: &dumped)
    var dumpedAlone = ""
    dump(login.password, to: &dumpedAlone)
    let texts = [
      "\(login)", "\(login.password)", String(describing: login), String(reflecting: login),
      String(reflecting: login.password), "\([login.password])", "\(Optional(login.password)!)",
      dumped, dumpedAlone, "\(Mirror(reflecting: login.password).children.map { $0.value })",
    ]
    for text in texts { #expect(!text.contains("swordfish"), "\(text)") }
    #expect("\(login.password)" == "(secret)")
  }

  @Test func `it cannot be encoded or compared`() {
    let type: Any.Type = Secret.self
    #expect(!(type is any Encodable.Type))
    #expect(!(type is any Equatable.Type))
  }

  @Test func `who asks for it gets it`() {
    #expect(Secret("a'b \"ü").reveal() == "a'b \"ü")
    #expect(Secret("").isEmpty)
    #expect(!Secret(" ").isEmpty)
  }
}
