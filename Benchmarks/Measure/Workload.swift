import Casework
import Intake
import Ledger
import Regions
import Store

/// What a township's clerks write: leads and their handling, one lead in five events.
///
/// Every lead is reported (上报), has its description amended (补正), is inspected (现场检查) and
/// progresses twice (办理进展). The steps of one lead lie some hundred leads apart, as in an office
/// that has many open at once. The same seed gives the same texts.
struct Workload {
  /// What the figures' reader has to know of the mix.
  static let mixNote =
    "of five events one founds a lead and four act on it: described, inspected, two progressed"

  /// How many leads are in hand before the first one goes on.
  private static let leadsInHand = 256
  /// The acts that follow a report.
  private static let actsPerLead = 4
  /// The times that the leads may have: a month, in milliseconds since 1970 UTC.
  private static let reportedAt: Range<Int64> = 1_760_000_000_000..<1_762_592_000_000

  /// The permanent number of the region whose clerks write.
  let regionNumber: Int
  let region: RegionID
  /// The hash of the rules that new leads pin.
  let rules: Hash
  /// The mean size of the events written so far.
  var meanEventBytes: Double { Double(bytes) / Double(max(events, 1)) }

  private var generator: LeadGenerator
  private var numbers: SplitMix64
  private var inHand: [OpenLead] = []
  private var nextInHand = 0
  private var events = 0
  private var bytes = 0

  private struct OpenLead {
    let id: EntityID
    var head: Hash
    var actsDone = 0
  }

  init(seed: UInt64, township: String, region: RegionID, regionNumber: Int, rules: Hash) {
    self.region = region
    self.regionNumber = regionNumber
    self.rules = rules
    self.generator = LeadGenerator(
      seed: seed, townships: [township], reportedAtMilliseconds: Self.reportedAt)
    self.numbers = SplitMix64(seed: seed ^ 0x5EED)
  }

  /// Writes one commit of that many events, all about different leads.
  mutating func write(events count: Int, in transaction: StoreTransaction) throws {
    var continued: [OpenLead] = []
    let commit = try transaction.author(actor: "wangxf", role: "grid_member", lane: .bulk) {
      draft in
      for _ in 0..<count {
        if let lead = nextOpenLead() {
          draft.add(draftAct(on: lead))
          continued.append(lead)
        } else {
          draft.add(try draftLead(serial: transaction.nextLeadSerial(), incarnation: 1))
        }
      }
    }
    var place = 0
    for (_, event) in commit.events {
      bytes += event.bytes.count
      if event.isFounding {
        inHand.append(OpenLead(id: event.entity, head: event.hash))
      } else {
        var lead = continued[place]
        place += 1
        lead.head = event.hash
        lead.actsDone += 1
        if lead.actsDone < Self.actsPerLead { inHand.append(lead) }
      }
    }
    events += count
    forgetDone()
  }

  /// The lead that waited longest, unless too few are in hand.
  private mutating func nextOpenLead() -> OpenLead? {
    guard inHand.count - nextInHand > Self.leadsInHand else { return nil }
    defer { nextInHand += 1 }
    return inHand[nextInHand]
  }

  private mutating func forgetDone() {
    guard nextInHand > 4 * Self.leadsInHand else { return }
    inHand.removeFirst(nextInHand)
    nextInHand = 0
  }

  private mutating func draftLead(serial: UInt64, incarnation: Int) throws -> EventDraft {
    guard
      let number = Int(exactly: serial).flatMap({
        LeadNumber(region: regionNumber, incarnation: incarnation, serial: $0)
      })
    else { throw BenchError("the lead numbers of region \(regionNumber) are used up") }
    let generated = generator.next()
    var report = LeadReport(
      number: number, channel: generated.channel.rawValue,
      reportedAtMilliseconds: generated.lead.reportedAtMilliseconds, title: generated.lead.title,
      text: generated.lead.body)
    report.place = generated.lead.place
    report.region = region
    report.types = generated.lead.types
    report.respondent = generated.lead.respondent
    return report.draft(rules: rules, salt: salt(), audience: [region])
  }

  private mutating func draftAct(on lead: OpenLead) -> EventDraft {
    let text = generator.next().lead
    let act: Act =
      switch lead.actsDone {
      case 0: .describe("text", .text(text.body))
      case 1: .inspect(finding: text.title + "。" + text.body + generator.next().lead.body)
      default: .progress(text.title + "。" + text.body + generator.next().lead.body)
      }
    return act.draft(entity: lead.id, heads: [lead.head], salt: salt())
  }

  /// 16 bytes; here they need not be secret.
  private mutating func salt() -> [UInt8] {
    withUnsafeBytes(of: (numbers.next(), numbers.next())) { Array($0) }
  }
}

/// Why a benchmark could not be carried out.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
