import Market
import Simulator
import TestKit
import Testing

@Suite struct ClientOrderIDTests {
  @Test func `an id is a UUID of version 8 that shows its parts`() {
    let id = ClientOrderID(session: 0xA1B2_C3D4_E5F6, pair: 3, number: 7)
    #expect(id.description == "a1b2c3d4-e5f6-8000-8003-000000000007")
    #expect(
      ClientOrderID(session: 0, pair: 0, number: 1).description
        == "00000000-0000-8000-8000-000000000001")
  }

  @Test("Packing loses nothing", arguments: Seeds.ofThisRun)
  func roundTrip(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let id = ClientOrderID(
        session: .random(in: 0..<1 << 48, using: &random),
        pair: .random(in: 0..<1 << 26, using: &random),
        number: .random(in: 0..<1 << 48, using: &random))
      #expect(ClientOrderID(uuid: id.uuid) == id)
    }
  }

  @Test func `a UUID of another version is not ours`() {
    let id = ClientOrderID(session: 1, pair: 2, number: 3)
    #expect(ClientOrderID(uuid: id.uuid ^ (1 << 78)) == nil)
    #expect(ClientOrderID(uuid: id.uuid ^ (1 << 63)) == nil)
  }

  @Test func `a part that does not fit is refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = ClientOrderID(session: 1 << 48, pair: 0, number: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = ClientOrderID(session: 0, pair: 1 << 26, number: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = ClientOrderID(session: 0, pair: 0, number: 1 << 48)
    }
  }
}
