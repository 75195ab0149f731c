import Casework
import Intake
import Ledger
import Regions
import Store

/// What a city's platform office writes over two years: leads in eight events each, of which the
/// greater part is closed and the rest stands at every stage on the way.
///
/// The same seed gives the same texts and ends.
struct CaseworkWorkload {
  /// Events of one lead.
  static let eventsPerLead = 8
  /// How many leads are in hand at once, so that a lead's events lie apart.
  private static let leadsInHand = 256
  /// Of a hundred leads two are still open, each at one of the stages before the close.
  private static let openPercent = 2
  /// A report is written down this long after it was made.
  private static let intakeMilliseconds: Int64 = 60_000
  private static let officers = ["wangxf", "lijm"]
  static let role = "platform_office"

  /// The process that new leads pin.
  let rules: Hash
  let hub: RegionID
  /// The regions that leads are about, by the names under which texts tell them.
  let places: [String: RegionID]

  private var generator: LeadGenerator
  private var numbers: SplitMix64
  private var inHand: [OpenLead] = []
  private var nextInHand = 0
  private(set) var leads = 0
  private(set) var events = 0

  /// The steps of a lead that is closed; one that stays open takes the first few, and notes of
  /// progress in the place of the others.
  private enum Step: Int, CaseIterable {
    case report, register, triage, dispatch, sign, inspect, findUntrue, close
  }

  private struct OpenLead {
    let id: EntityID
    let region: RegionID
    /// The first step that is not taken any more; all are where it is beyond the last.
    let end: Int
    var head: Hash
    var written = 1
  }

  init(seed: UInt64, rules: Hash, hub: RegionID, places: [String: RegionID]) {
    self.rules = rules
    self.hub = hub
    self.places = places
    // The times of reports follow the ledger's clock, not the generator's.
    generator = LeadGenerator(
      seed: seed, townships: places.keys.sorted(), reportedAtMilliseconds: 0..<1)
    numbers = SplitMix64(seed: seed ^ 0xCA5E)
  }

  /// Writes one commit of that many events about different leads, at the transaction's time. No
  /// further lead is begun once there are `goal`.
  ///
  /// - Returns: how many were written; fewer once nothing is left to do.
  mutating func write(
    events count: Int, until goal: Int, at now: UInt64, in transaction: StoreTransaction
  ) throws -> Int {
    var acted: [OpenLead] = []
    var founded: [(region: RegionID, end: Int)] = []
    guard inHand.count > nextInHand || leads < goal else { return 0 }
    let commit = try transaction.author(actor: Self.officers[0], role: Self.role, lane: .bulk) {
      draft in
      for _ in 0..<count {
        if inHand.count - nextInHand > (leads < goal ? Self.leadsInHand : 0) {
          let lead = inHand[nextInHand]
          nextInHand += 1
          draft.add(draftAct(on: lead))
          acted.append(lead)
        } else if leads < goal {
          let end = nextEnd()
          let (lead, region) = try draftLead(at: now)
          draft.add(lead)
          founded.append((region, end))
          leads += 1
        }
      }
    }
    var (nextActed, nextFounded) = (acted.makeIterator(), founded.makeIterator())
    for (_, event) in commit.events {
      if event.isFounding {
        guard let (region, end) = nextFounded.next() else { continue }
        inHand.append(OpenLead(id: event.entity, region: region, end: end, head: event.hash))
      } else if var lead = nextActed.next() {
        lead.head = event.hash
        lead.written += 1
        if lead.written < Self.eventsPerLead { inHand.append(lead) }
      }
    }
    events += commit.events.count
    forgetDone()
    return commit.events.count
  }

  private mutating func forgetDone() {
    guard nextInHand > 4 * Self.leadsInHand else { return }
    inHand.removeFirst(nextInHand)
    nextInHand = 0
  }

  private mutating func nextEnd() -> Int {
    let steps = Step.allCases.count
    guard numbers.below(100) < Self.openPercent else { return steps }
    return 1 + numbers.below(steps - 1)
  }

  /// The number of a lead, as if the townships had given them in turn: one node has fewer.
  static func number(ofLead index: Int) throws -> LeadNumber {
    let townships = CaseworkStore.townships
    guard
      let number = LeadNumber(
        region: CaseworkStore.firstTownshipNumber + index % townships, incarnation: 1,
        serial: 1 + index / townships)
    else { throw BenchError("the townships' lead numbers are used up") }
    return number
  }

  private mutating func draftLead(at now: UInt64) throws -> (EventDraft, RegionID) {
    let generated = generator.next()
    guard let region = places[generated.township] else {
      throw BenchError("no region is called \(generated.township)")
    }
    let number = try Self.number(ofLead: leads)
    var report = LeadReport(
      number: number, channel: generated.channel.rawValue,
      reportedAtMilliseconds: Int64(now) - Self.intakeMilliseconds, title: generated.lead.title,
      text: generated.lead.body)
    report.place = generated.lead.place
    report.region = region
    report.types = generated.lead.types
    report.respondent = generated.lead.respondent
    return (report.draft(rules: rules, salt: salt(), audience: [hub]), region)
  }

  private mutating func draftAct(on lead: OpenLead) -> EventDraft {
    guard lead.written < lead.end, let step = Step(rawValue: lead.written) else {
      return act("lead.progressed", ["text": .text(generator.next().lead.body)], on: lead)
    }
    let text = CanonicalValue.text(generator.next().lead.title)
    switch step {
    case .report, .register: return act("lead.registered", ["note": text], on: lead)
    case .triage:
      return act("lead.triaged", ["types": .array([.text("air")]), "note": text], on: lead)
    case .dispatch:
      // One that goes no further waits for its township's signature.
      let handler = lead.end == Step.sign.rawValue ? lead.region : hub
      let dispatch = Act.dispatch(to: [handler], note: generator.next().lead.title)
      return dispatch.draft(
        entity: lead.id, heads: [lead.head], salt: salt(), audience: [handler])
    case .sign: return act("lead.signed", ["note": text], on: lead)
    case .inspect:
      let officers = CanonicalValue.array(Self.officers.map { .text($0) })
      return act(
        "lead.inspected",
        [
          "officers": officers, "finding": .text(generator.next().lead.body),
          "photos": .array([.bytes(lead.head.bytes)]),
        ], on: lead)
    case .findUntrue:
      return act("lead.found_untrue", ["finding": .text(generator.next().lead.body)], on: lead)
    case .close: return act("lead.closed", ["result": text], on: lead)
    }
  }

  private mutating func act(
    _ kind: String, _ body: [String: CanonicalValue], on lead: OpenLead
  ) -> EventDraft {
    Act(kind: kind, body: .map(body)).draft(entity: lead.id, heads: [lead.head], salt: salt())
  }

  /// 16 bytes; here they need not be secret.
  private mutating func salt() -> [UInt8] {
    withUnsafeBytes(of: (numbers.next(), numbers.next())) { Array($0) }
  }
}
