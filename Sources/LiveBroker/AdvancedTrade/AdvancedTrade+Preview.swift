import JSON
import Market

extension AdvancedTrade {
  /// Asks what would become of an order, and places none; A.7.
  ///
  /// The order's name is not sent: a preview has none.
  package static func preview(_ wish: OrderWish) -> ExchangeCall<OrderPreview> {
    let body = JSONTree.object([
      ("product_id", .string(wish.productID)),
      ("side", .string(wish.order.side == .buy ? "BUY" : "SELL")),
      ("order_configuration", .object([configuration(of: wish)])),
    ])
    return call(post("/orders/preview", body, repetition: .harmless)) {
      answer throws(AnswerDefect) in
      let reasons = try answer.texts("errs")
      return OrderPreview(
        refusal: reasons.isEmpty ? nil : OrderRefusal(reasons: reasons, message: ""),
        warnings: answer["warning"] == nil ? [] : try answer.texts("warning"),
        fee: try answer.optionalComputed("commission_total"))
    }
  }
}
