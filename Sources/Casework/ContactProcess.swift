import Regions

/// The kinds of a reporter's contact (举报人联系方式).
package enum ContactKind {
  package static let family = "contact"
  package static let sealed = "contact.sealed"
  /// Somebody whose role serves all leads of the office had it opened.
  package static let looked = "contact.looked"
  /// Somebody had it opened because the office handles the lead.
  package static let lookedInHandling = "contact.looked_in_handling"
  /// Somebody wanted it opened and was refused.
  package static let lookRefused = "contact.look_refused"
  /// Every holder is to destroy its key.
  package static let keyDestroyed = "contact.key_destroyed"
  /// A holder has destroyed its key.
  package static let destructionAcknowledged = "contact.key_destruction_acknowledged"
  package static let all = [
    sealed, looked, lookedInHandling, lookRefused, keyDestroyed, destructionAcknowledged,
  ]
}

extension Process {
  /// The process that contacts pin until the hub publishes one that says who may look.
  ///
  /// All but the founding are notes: a look stays a look, and a destruction cannot be taken back, so
  /// nothing here can conflict. That who destroys stands at or above the founding office is for each
  /// holder to judge, since the fold knows no tree.
  package static let contacts = shipped([
    Family(
      name: ContactKind.family, chinese: "举报人联系方式", english: "reporter's contact",
      stages: [Stage("sealed", "已密封", "sealed")],
      kinds: [
        KindRule(ContactKind.sealed, "密封", "sealed", .found(.actor)),
        KindRule(
          ContactKind.looked, "查看联系方式", "contact looked at", .note,
          by: Actors(roles: ["platform_office", "channel_duty"]), demands: [reason]),
        KindRule(
          ContactKind.lookedInHandling, "承办查看联系方式", "contact looked at in handling", .note,
          by: Actors(roles: ["township_clerk", "department"]), demands: [reason]),
        KindRule(
          ContactKind.lookRefused, "查看被拒", "look refused", .note, demands: [reason]),
        KindRule(
          ContactKind.keyDestroyed, "销毁密钥", "key destroyed", .note,
          by: Actors(roles: ["platform_office", "leader"]), demands: [reason]),
        KindRule(
          ContactKind.destructionAcknowledged, "确认销毁", "destruction acknowledged", .note,
          by: Actors(roles: ["system"])),
      ])
  ])

  /// Whether the process has all acts on contacts.
  package var knowsContacts: Bool { ContactKind.all.allSatisfy { rule(for: $0) != nil } }

  private static let reason = Demand(Field("reason", .text), "理由", "a reason")
}
