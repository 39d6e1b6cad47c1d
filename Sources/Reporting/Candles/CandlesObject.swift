import JSON
import Market

extension JSONWriter {
  /// Writes the value of `candles`: the same object in a result and in what `data check` finds.
  mutating func value(_ check: CandleCheck, _ data: DataQuality) {
    beginObject()
    member("count", check.count)
    member("first", check.first)
    member("last", check.last)
    member("gaps", data.gaps)
    member("missing", data.missing)
    member("bad_rows", data.badRows)
    key("bad")
    beginArray()
    for row in data.bad {
      beginObject()
      member("line", row.line)
      member("reason", row.reason)
      endObject()
    }
    endArray()
    member("rounded_volumes", data.roundedVolumes)
    defects(data.defects)
    key("usual_step")
    if let step = check.usualStep { value(step.seconds) } else { null() }
    key("longest_gaps")
    beginArray()
    for gap in check.longestGaps {
      beginObject()
      member("from", gap.from)
      member("to", gap.to)
      member("missing", gap.missing)
      member("move", gap.move)
      endObject()
    }
    endArray()
    member("zero_volume", check.zeroVolume)
    member("flat", check.flat)
    member("low", check.low)
    member("high", check.high)
    member("price_step", check.priceStep)
    member("volume_step", check.volumeStep)
    member("usual_size", check.usualSize)
    outliers(check)
    member("last_may_be_unfinished", check.lastMayBeUnfinished)
    endObject()
  }

  private mutating func defects(_ defects: DataQuality.Defects) {
    key("defects")
    beginObject()
    member("duplicate", defects.duplicate)
    member("out_of_order", defects.outOfOrder)
    member("off_grid", defects.offGrid)
    member("bad_time", defects.badTime)
    member("unreadable", defects.unreadable)
    member("contradictory", defects.contradictory)
    endObject()
  }

  private mutating func outliers(_ check: CandleCheck) {
    member("outliers", check.outliers)
    member("spikes", check.spikes)
    key("largest_outliers")
    beginArray()
    for outlier in check.largestOutliers {
      beginObject()
      member("time", outlier.time)
      member("size", outlier.size)
      member("ratio", outlier.ratio)
      member("spike", outlier.isSpike)
      endObject()
    }
    endArray()
  }
}
