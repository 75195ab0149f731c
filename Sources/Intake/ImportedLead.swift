/// One lead (线索) as a row of a lead file tells it.
///
/// Texts stand as in the file, without trailing white space; line breaks are line feeds. The
/// reporter's name and contact are personal data and go into the sealed entity, never into a log;
/// ``extra`` and ``identityText`` may contain such data too.
package struct ImportedLead: Hashable, Sendable {
  /// The lead's id at its source (来源编号).
  package var sourceID: String?
  /// When the lead was reported (举报时间), in milliseconds since 1970 UTC.
  package var reportedAtMilliseconds: Int64
  /// The title (标题); empty if the file gives only a body.
  package var title: String
  /// The report's text (内容); empty if the file gives only a title.
  package var body: String
  /// Where it is, in words (地点).
  package var place: String?
  /// The region as the source names it (属地). Names are ambiguous; this alone must not route.
  package var regionText: String?
  /// Keys of pollution types (污染类型) in the order of ``PollutionWords/keys``; may be empty.
  package var types: [String]
  /// The reporter's name (举报人).
  package var reporterName: String?
  /// The reporter's telephone number or address (联系电话); several are joined by ` / `.
  package var reporterContact: String?
  /// Whom the report accuses (被举报单位).
  package var respondent: String?
  /// The number of the letter that handed the lead over (文号).
  package var sourceNumber: String?
  /// By when the source wants an answer (期限), in milliseconds since 1970 UTC.
  package var deadlineMilliseconds: Int64?
  /// Degrees north, -90 to 90; there exactly if ``longitude`` is.
  package var latitude: Double?
  /// Degrees east, -180 to 180.
  package var longitude: Double?
  /// The filled fields of columns that are not known here, in the file's order.
  package var extra: [NamedText]
  /// What makes the row the same row when a file is imported again: `source:<channel>:<source id>`,
  /// or else `row:<channel>:` and the row's fields joined by U+001F. The caller hashes it.
  package var identityText: String

  /// A column's name with a row's value.
  package struct NamedText: Hashable, Sendable {
    /// The name in the header, or `column 7` if the header leaves it empty.
    package var name: String
    /// The field's text.
    package var value: String

    /// A name with its value.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A lead of which only the required parts are given; the rest is absent.
  package init(
    reportedAtMilliseconds: Int64, title: String, body: String, types: [String],
    identityText: String
  ) {
    self.reportedAtMilliseconds = reportedAtMilliseconds
    self.title = title
    self.body = body
    self.types = types
    self.identityText = identityText
    self.extra = []
  }

  /// The identity of a lead that has an id at its source.
  package static func identityText(channel: ChannelKey, sourceID: String) -> String {
    "source:\(channel):\(sourceID)"
  }

  /// The identity of a row without a source id. No field contains U+001F, so two rows that differ
  /// in a field differ in identity.
  static func identityText(channel: ChannelKey, fields: [String]) -> String {
    "row:\(channel):" + fields.joined(separator: "\u{1F}")
  }
}

/// The key of a channel (渠道) through which leads come, such as `hotline_12345`: 1 to 40 lower-case
/// ASCII letters, digits and underscores.
package struct ChannelKey: Hashable, Sendable, CustomStringConvertible {
  /// The key's text.
  package let rawValue: String

  /// - Throws: ``IntakeError`` `bad_channel` for anything but a well-formed key.
  package init(_ text: String) throws {
    let isWellFormed =
      (1...40).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "_"):
          true
        default: false
        }
      }
    guard isWellFormed else {
      throw IntakeError(
        .badChannel,
        zh: "\(quotedForReason(text)) 不是渠道标识;应为小写字母、数字和下划线,如 hotline_12345",
        en: "\(quotedForReason(text)) is no channel key; "
          + "write lower-case letters, digits and underscores, as in hotline_12345")
    }
    rawValue = text
  }

  init(generated rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }
}
