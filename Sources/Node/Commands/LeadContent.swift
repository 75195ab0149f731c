import Casework
import Intake
import Ledger
import Regions

/// A checked lead, before it has a number.
struct LeadContent: Sendable {
  static let microdegrees = 1_000_000.0

  let channel: String
  let reportedAtMilliseconds: Int64
  let title: String
  let text: String
  var place: String?
  var region: RegionID?
  var types: [String] = []
  var location: Casework.Location?
  var respondent: String?
  var sourceKey: Hash?
  /// What goes into the sealed entity.
  var contact = ContactSealer.Contact(name: nil, contact: nil)
  /// What the contact is sealed with; `nil` exactly where there is none, once the lead is written.
  var contactKey: ContactKey?

  func report(_ number: LeadNumber) -> LeadReport {
    var report = LeadReport(
      number: number, channel: channel, reportedAtMilliseconds: reportedAtMilliseconds,
      title: title, text: text)
    report.place = place
    report.region = region
    report.types = types
    report.location = location
    report.respondent = respondent
    report.sourceKey = sourceKey
    return report
  }

  /// An estimate of the commit's bytes that the lead takes, from above.
  var byteEstimate: Int {
    let texts = [title, text, place ?? "", respondent ?? "", channel] + types
    let lead = texts.reduce(Self.leadOverhead) { $0 + $1.utf8.count }
    guard !contact.isEmpty else { return lead }
    return contact.extra.reduce(
      lead + (contact.name?.utf8.count ?? 0) + (contact.contact?.utf8.count ?? 0)
        + Self.contactOverhead
    ) { $0 + $1.name.utf8.count + $1.value.utf8.count + Self.extraOverhead }
  }

  private static let leadOverhead = 512
  private static let contactOverhead = 320
  private static let extraOverhead = 16
}

extension LeadContent {
  /// Checks what a person typed.
  init(
    _ arguments: LeadReportArguments, _ commands: NodeCommands, _ places: NodeCommands.Places
  ) throws {
    do {
      channel = try ChannelKey(arguments.channel).rawValue
    } catch let error as IntakeError {
      throw CommandError.field(
        "--channel", zh: "应为小写字母、数字和下划线,如 hotline_12345", en: error.message)
    }
    title = arguments.title.flatMap { NodeCommands.trimmed($0) } ?? ""
    text = arguments.text.flatMap { NodeCommands.trimmed($0) } ?? ""
    guard !title.isEmpty || !text.isEmpty else {
      throw CommandError.field(
        "--title / --text", zh: "标题和内容不能都为空,请填写", en: "both are empty; fill in one")
    }
    reportedAtMilliseconds =
      try commands.time(arguments.reported, field: "--reported")
      ?? Int64(commands.core.wallMilliseconds())
    place = arguments.place.flatMap { NodeCommands.trimmed($0) }
    respondent = arguments.respondent.flatMap { NodeCommands.trimmed($0) }
    region = try arguments.region.map {
      try commands.region($0, field: "--region", places)
    }
    types =
      try arguments.types.map { try Self.types($0, field: "--type") }
      ?? PollutionWords.keys(in: title, text)
    location = try Self.location(arguments.latitude, arguments.longitude)
    contact = ContactSealer.Contact(
      name: arguments.reporterName.flatMap { NodeCommands.trimmed($0) },
      contact: arguments.reporterContact.flatMap { NodeCommands.trimmed($0) })
  }

  static func types(_ words: [String], field: String) throws -> [String] {
    for word in words where !PollutionWords.keys.contains(word) {
      let listed = PollutionWords.keys.joined(separator: ", ")
      throw CommandError.field(
        field, zh: "没有“\(word)”这一污染类型,可用:\(listed)",
        en: "there is no pollution type '\(word)'; use \(listed)")
    }
    return PollutionWords.keys.filter(words.contains)
  }

  /// A place as people write it: `LATITUDE,LONGITUDE`.
  static func degrees(of location: Casework.Location) -> String {
    [location.latitudeMicrodegrees, location.longitudeMicrodegrees]
      .map { "\(Double($0) / microdegrees)" }.joined(separator: ",")
  }

  static func location(_ latitude: Double?, _ longitude: Double?) throws -> Casework.Location? {
    if latitude == nil, longitude == nil { return nil }
    guard let latitude, let longitude, latitude.isFinite, longitude.isFinite,
      abs(latitude) <= 90, abs(longitude) <= 180,
      let location = Casework.Location(
        latitudeMicrodegrees: Int64((latitude * microdegrees).rounded()),
        longitudeMicrodegrees: Int64((longitude * microdegrees).rounded()))
    else {
      throw CommandError.field(
        "--latitude / --longitude", zh: "须同时给出,且在 ±90 与 ±180 度之内",
        en: "come together, within ±90 and ±180 degrees")
    }
    return location
  }
}
