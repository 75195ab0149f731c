package import Ledger

// What the issuer does with a directive (指令).
extension Act {
  /// Declares a directive done (指令完成).
  package static func completeDirective(note: String? = nil) -> Act {
    Act("directive.completed", Self.note(note))
  }

  /// Takes a directive back (指令撤销).
  package static func cancelDirective(reason: String) -> Act {
    Act("directive.cancelled", ["reason": .text(reason)])
  }

  /// Puts another directive in the place of one (指令替代).
  package static func supersedeDirective(by successor: EntityID, reason: String? = nil) -> Act {
    Act(
      "directive.superseded",
      ["successor": .text(successor.description), "reason": reason.map { .text($0) }])
  }
}

// What becomes of one recipient's receipt line (回执).
extension Act {
  /// Tells that the line is at its recipient's node (送达), which that node does by itself.
  package static func deliver() -> Act { Act("receipt.delivered") }

  /// Tells that the recipient has read the directive (阅知).
  package static func read() -> Act { Act("receipt.read") }

  /// Accepts the directive (签收).
  package static func accept() -> Act { Act("receipt.accepted") }

  /// Confirms that a directive was received (回执签收), in processes without ``accept()``.
  package static func receive() -> Act { Act("receipt.received") }

  /// Reports back on a directive (反馈).
  package static func feedBack(_ text: String) -> Act {
    Act("receipt.fed_back", ["text": .text(text)])
  }

  /// Declares one's own part of a directive done (回执完成).
  package static func completeReceipt(note: String? = nil) -> Act {
    Act("receipt.completed", Self.note(note))
  }

  /// Sends a line that was declared done back for more work (退回补办).
  ///
  /// - Parameter dueMilliseconds: until when, since 1970 UTC; `nil` leaves it to the process.
  package static func returnReceipt(reason: String, dueMilliseconds: Int64? = nil) -> Act {
    Act(
      "receipt.returned",
      ["reason": .text(reason), "due": dueMilliseconds.map { .integer($0) }])
  }

  /// Agrees that a line is done (核实).
  package static func verifyReceipt(note: String? = nil) -> Act {
    Act("receipt.verified", Self.note(note))
  }

  /// Ends a line whose directive another one superseded (回执替代).
  package static func supersedeReceipt(by successor: EntityID) -> Act {
    Act("receipt.superseded", ["successor": .text(successor.description)])
  }

  /// Ends a line whose directive was taken back (回执撤销).
  package static func cancelReceipt() -> Act { Act("receipt.cancelled") }
}
