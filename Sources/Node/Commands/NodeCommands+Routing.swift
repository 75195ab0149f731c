import Casework
import Ledger
import Regions
import Store

/// Who should handle a lead by the duty list: schema `liandong.lead_route/1`.
package struct LeadRouteAnswer: Codable, Hashable, Sendable {
  /// A region with the name that it has on the day.
  package struct Unit: Codable, Hashable, Sendable {
    package let region: String
    package let name: String?
  }

  /// What became of one type of the lead.
  package struct Match: Codable, Hashable, Sendable {
    package let type: String
    /// `one`, `tie`, `no_row` or `no_unit`.
    package let result: String
    /// The rows that answer; several are a tie.
    package let rows: [String]
    package let unit: String?
    package let department: String?
  }

  package let schema: String
  package let id: String
  package let number: String?
  /// The day whose list counts.
  package let day: String
  /// The version's hash.
  package let duties: String
  package let region: Unit?
  /// `field`, `code`, `place`, `location`, `text` or `none`.
  package let regionBy: String
  /// The regions that may be meant, where it is not one.
  package let candidates: [Unit]
  package let leadUnit: Unit?
  package let department: String?
  package let coUnits: [Unit]
  /// What a dispatch by it writes: the version's short hash and the row.
  package let rule: String?
  package let types: [Match]
  /// Whether nothing is left for a person to decide, so that it can be dispatched by rule.
  package let decided: Bool
}

extension NodeCommands {
  /// A proposal with what a dispatch needs of it.
  struct Proposal {
    let answer: LeadRouteAnswer
    /// The lead unit first, then co-units.
    let regions: [RegionID]
  }

  /// Proposes who should handle a lead by the duty list in force on a day (分办建议). It writes nothing.
  ///
  /// - Throws: `CommandError` of exit 65 for a day that is none, of exit 77 where the hub published no
  ///   list for that day.
  package func routeLead(_ arguments: LeadRouteArguments) throws -> LeadRouteAnswer {
    try core.store.read { try proposal(for: arguments.lead, on: arguments.day, in: $0).answer }
  }

  /// The proposal by which a lead is dispatched today.
  ///
  /// - Throws: `CommandError` of exit 77 where something is left for a person to decide.
  func decidedProposal(for lead: String) throws -> Proposal {
    let proposal = try core.store.read { try self.proposal(for: lead, on: nil, in: $0) }
    guard proposal.answer.decided else {
      throw CommandError(
        .notPermitted, .refused,
        zh: "\(lead):职责清单不能定出唯一主办(地点不明、并列或无人负责),用 lead route 查看后以 --to 写明",
        en:
          "\(lead): the duty list leaves it open (place in doubt, a tie or a gap); see lead route "
          + "and name the unit with --to")
    }
    return proposal
  }

  private func proposal(
    for reference: String, on text: String?, in reader: StoreReader
  ) throws -> Proposal {
    let entity = try lead(reference, in: reader)
    guard let lead = Lead(try foldedState(of: entity)) else {
      preconditionFailure("a lead was found")
    }
    let (day, end) = try day(text)
    guard let version = try reader.duties().inForce(at: end)?.list else {
      throw CommandError(
        .notReady, .refused, zh: "\(day) 没有有效的职责清单;请市级用 duties apply 下发,或待其同步到本节点",
        en:
          "no duty list is in force on \(day); the hub publishes one with duties apply, or wait for "
          + "the link to bring it")
    }
    let places = try Places(reader)
    let finder = LeadPlaceFinder(places)
    let found = finder.find(lead)
    let routing = found.region.map { region in
      version.route(
        types: lead.types, texts: [lead.title, lead.text].compactMap { $0 },
        at: finder.place(region), on: day)
    }
    func unit(_ region: RegionID) -> LeadRouteAnswer.Unit {
      .init(region: region.rawValue, name: places.directory.name(of: region, on: day))
    }
    let duty = routing?.lead
    let answer = LeadRouteAnswer(
      schema: "liandong.lead_route/1", id: entity.id.description, number: lead.number,
      day: day.description, duties: version.hash.description, region: found.region.map(unit),
      regionBy: found.way.rawValue,
      candidates: found.region == nil ? found.candidates.map(unit) : [],
      leadUnit: duty.map { unit($0.unit) }, department: duty?.department,
      coUnits: routing?.coUnits.map(unit) ?? [],
      rule: duty.map { "duties \(version.hash.short) \($0.row)" },
      types: routing?.matches.map { .init($0) } ?? [], decided: routing?.isComplete ?? false)
    return Proposal(
      answer: answer, regions: (duty.map { [$0.unit] } ?? []) + (routing?.coUnits ?? []))
  }

  /// A day in China, today by default, and the moment whose list counts on it: now for today, else the
  /// day's end.
  private func day(_ text: String?) throws -> (CalendarDay, Int64) {
    let now = Int64(clamping: core.wallMilliseconds())
    guard let today = CommandTime.day(core.wallMilliseconds()) else {
      throw CommandError(
        .notReady, .configuration, zh: "本机时钟超出可用范围,请校准",
        en: "this machine's clock is out of all range; set it")
    }
    guard let text else { return (today, now) }
    guard let day = CalendarDay(text) else {
      throw CommandError.field(
        "--on", zh: "“\(text)”不是日期,应形如 2026-10-01",
        en: "'\(text)' is no date; write it as in 2026-10-01")
    }
    return (day, day == today ? now : ChinaTime.endMilliseconds(of: day) - 1)
  }
}

extension LeadRouteAnswer.Match {
  fileprivate init(_ match: DutyRouting.Match) {
    switch match.answer {
    case .one(let duty):
      self.init(
        type: match.type, result: "one", rows: [duty.row], unit: duty.unit.rawValue,
        department: duty.department)
    case .tie(let rows):
      self.init(type: match.type, result: "tie", rows: rows, unit: nil, department: nil)
    case .noRow:
      self.init(type: match.type, result: "no_row", rows: [], unit: nil, department: nil)
    case .noUnit(let row):
      self.init(type: match.type, result: "no_unit", rows: [row], unit: nil, department: nil)
    }
  }
}
