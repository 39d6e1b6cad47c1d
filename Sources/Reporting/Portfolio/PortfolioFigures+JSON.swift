import Execution
import Market

/// The members of a portfolio's result that say how the account was spread.
extension PortfolioFigures {
  /// Writes what groups had at stake, what rebalancing would ask for, correlations, and the yardstick.
  func writeAllocation(_ json: inout JSONWriter) {
    json.key("groups")
    json.beginArray(.lines)
    for (group, stake) in zip(groups, stakes.groups) {
      json.beginObject()
      json.member("group", group.name)
      json.key("pairs")
      json.beginArray()
      for pair in group.pairs { json.value(result.pairs[pair].product.id) }
      json.endArray()
      json.member("limit", groupLimit)
      json.key("stake")
      stake.write(to: &json)
      json.endObject()
    }
    json.endArray()
    writeRebalancing(&json)
    writeCorrelations(&json)
    json.key("buy_and_hold")
    if let market {
      json.beginObject()
      for (name, value) in market.namedOfEquity {
        json.key(name)
        json.value(value)
      }
      json.endObject()
    } else {
      json.null()
    }
  }

  private func writeRebalancing(_ json: inout JSONWriter) {
    json.key("rebalancing")
    json.beginObject(.lines)
    json.member("threshold", rebalanceThreshold)
    json.key("pairs")
    json.beginArray(.lines)
    for drift in drifts {
      json.beginObject()
      json.member("pair", result.pairs[drift.pair].product.id)
      json.member("weight", drift.weight)
      json.member("target", drift.target)
      json.member("drift", drift.drift)
      json.member("to_target", drift.toTarget)
      json.member("advised", drift.isBeyondThreshold)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private func writeCorrelations(_ json: inout JSONWriter) {
    json.key("correlations")
    json.beginObject(.lines)
    json.key("pairs")
    json.beginArray()
    for pair in result.pairs { json.value(pair.product.id) }
    json.endArray()
    json.key("values")
    json.beginArray(.lines)
    for row in correlations.values {
      json.beginArray()
      for value in row { json.value(.figure(value)) }
      json.endArray()
    }
    json.endArray()
    json.key("returns")
    json.beginArray(.lines)
    for row in correlations.counts {
      json.beginArray()
      for count in row { json.value(count) }
      json.endArray()
    }
    json.endArray()
    json.endObject()
  }
}

extension Stakes.Stake {
  /// Writes it as the value of a key.
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("peak")
    if let peak {
      json.beginObject()
      json.member("time", peak.time)
      json.member("exposure", peak.exposure)
      json.member("equity", peak.equity)
      json.member("share", peak.share)
      json.endObject()
    } else {
      json.null()
    }
    json.member("mean_share", meanShare)
    json.member("final", final)
    json.member("final_share", finalShare)
    json.endObject()
  }
}

extension JSONWriter {
  /// Writes the member `allocation`: at each point the time, and of each pair what its position is
  /// worth and what its working entry may still buy.
  mutating func allocation<Failure: Error>(
    _ points: some Sequence<Exposures>, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    key("allocation")
    beginArray(.lines)
    for point in points {
      beginArray()
      value(point.time)
      for amounts in [point.positions, point.entries] {
        beginArray()
        for amount in amounts { value(amount) }
        endArray()
      }
      endArray()
      try drain(into: sink)
    }
    endArray()
  }
}
