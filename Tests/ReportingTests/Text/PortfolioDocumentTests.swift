import Execution
import Foundation
import Market
import Testing

@testable import Reporting

@Suite("Result document of several pairs")
struct PortfolioDocumentTests {
  private static let document = PortfolioDocument(
    SamplePortfolio.make(), manifest: SamplePortfolio.manifest, includesEquity: true)

  private static func object() throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(document.bytes))
    return try #require(object as? [String: Any])
  }

  @Test("The document of the sample portfolio")
  func sample() throws {
    try expectGolden(String(decoding: Self.document.bytes, as: UTF8.self), "sample-portfolio.json")
  }

  @Test func `the pairs' profits are what the account gained, to the last unit`() throws {
    let object = try Self.object()
    let pairs = try #require(object["pairs"] as? [[String: Any]])
    for member in ["realised", "unrealised"] {
      let sum = try pairs.reduce(Money.zero) { $0 + (try Money(#require($1[member] as? String))) }
      #expect(sum.description == object[member] as? String)
    }
    let total = try ["realised", "unrealised", "starting_cash"].reduce(Money.zero) {
      $0 + (try Money(#require(object[$1] as? String)))
    }
    #expect(total.description == object["final_equity"] as? String)
  }

  @Test func `the metrics of a pair are every one of the account`() throws {
    let object = try Self.object()
    let names = Set(try #require(object["metrics"] as? [String: Any]).keys)
    #expect(names.count == 23)
    for pair in try #require(object["pairs"] as? [[String: Any]]) {
      #expect(Set(try #require(pair["metrics"] as? [String: Any]).keys) == names)
    }
  }

  @Test func `allocation has the times of equity, and each pair's part of it`() throws {
    let object = try Self.object()
    let equity = try #require(object["equity"] as? [[Any]])
    let allocation = try #require(object["allocation"] as? [[Any]])
    #expect(allocation.map { $0[0] as? Int } == equity.map { $0[0] as? Int })
    for point in allocation {
      #expect(point.count == 3)
      #expect(point.dropFirst().allSatisfy { ($0 as? [String])?.count == 3 })
    }
    let without = PortfolioDocument(SamplePortfolio.make(), manifest: SamplePortfolio.manifest)
    #expect(!String(decoding: without.bytes, as: UTF8.self).contains("\n \"allocation\""))
  }

  @Test func `correlations are symmetric, drift has its advice`() throws {
    let object = try Self.object()
    let correlations = try #require(object["correlations"] as? [String: Any])
    let values = try #require(correlations["values"] as? [[Any]])
    for row in values.indices {
      for column in values.indices {
        #expect(values[row][column] as? Double == values[column][row] as? Double)
      }
    }
    let rebalancing = try #require(object["rebalancing"] as? [String: Any])
    #expect(rebalancing["threshold"] as? Double == 0.05)
    for pair in try #require(rebalancing["pairs"] as? [[String: Any]]) {
      let drift = try #require(pair["drift"] as? Double)
      #expect(pair["advised"] as? Bool == (drift > 0.05))
    }
  }
}
