import Market
import Sandbox
import Testing

@Suite("What a sandbox lists")
struct ListingTests {
  @Test func `the currencies are the halves of the product's name`() {
    let listing = Listing(Product(id: "BTC-USD"))
    #expect(listing.baseCurrency == "BTC")
    #expect(listing.quoteCurrency == "USD")
  }

  @Test func `every currency that buys begins with the cash`() {
    let settings = SandboxSettings(
      listings: [Listing(Product(id: "BTC-USD")), Listing(Product(id: "ETH-EUR"))], cash: 500)
    #expect(settings.balances == ["USD": 500, "EUR": 500])
  }
}
