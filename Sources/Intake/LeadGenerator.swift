/// Writes plausible, invented Chinese leads for demonstrations and benchmarks: the same seed and
/// arguments give the same leads. Names and telephone numbers belong to nobody: names read 王某甲,
/// numbers begin with 100, which no operator issues.
package struct LeadGenerator: Sendable {
  /// A generated lead with the township and the channel to which it comes.
  package struct GeneratedLead: Hashable, Sendable {
    /// One of the generator's township names (乡镇街道).
    package var township: String
    /// The channel (渠道).
    package var channel: ChannelKey
    /// The lead.
    package var lead: ImportedLead
  }

  /// How many characters a generated title has.
  package static let titleCharacters = 10...30
  /// How many characters a generated body has.
  package static let bodyCharacters = 60...250
  /// The longest township name, in characters; texts keep their bounds up to it.
  package static let townshipCharacters = 20

  private let seed: UInt64
  private let townships: [String]
  private let times: Range<Int64>
  private var random: SplitMix64
  private var produced = 0

  /// - Parameters:
  ///   - seed: decides everything together with the other arguments. Source ids are made of it, so
  ///     generators whose leads meet in one store need different seeds.
  ///   - townships: names of 1 to ``townshipCharacters`` characters; at least one.
  ///   - reportedAtMilliseconds: the times that leads may have, since 1970 UTC; not empty.
  package init(seed: UInt64, townships: [String], reportedAtMilliseconds: Range<Int64>) {
    precondition(!townships.isEmpty, "leads need at least one township")
    precondition(
      townships.allSatisfy { (1...Self.townshipCharacters).contains($0.count) },
      "a township's name has 1 to \(Self.townshipCharacters) characters")
    precondition(!reportedAtMilliseconds.isEmpty, "leads need a range of times")
    self.seed = seed
    self.townships = townships
    times = reportedAtMilliseconds
    random = SplitMix64(seed: seed)
  }

  /// The next lead, from any of the townships.
  package mutating func next() -> GeneratedLead {
    let township = random.pick(townships)
    return next(township: township)
  }

  /// The next lead of one township.
  package mutating func next(township: String) -> GeneratedLead {
    produced += 1
    let site = random.pick(LeadPhrases.sites)
    let name = random.pick(site.names)
    let spot = random.pick(LeadPhrases.spots)
    let channel = ChannelKey(generated: random.pick(LeadPhrases.channels))
    // The seed in the id keeps leads of different seeds apart in one store.
    let sourceID = "G\(String(seed, radix: 36, uppercase: true))-\(produced)"

    var lead = ImportedLead(
      reportedAtMilliseconds: time(), title: title(township, spot, name, site),
      body: body(township, spot, name, site), types: site.types,
      identityText: ImportedLead.identityText(channel: channel, sourceID: sourceID))
    lead.sourceID = sourceID
    lead.regionText = township
    lead.place = township + spot
    // Nearly half of the reports are anonymous, and not every reporter knows whom to accuse.
    if random.below(100) < 55 {
      lead.reporterName =
        random.pick(LeadPhrases.surnames) + "某" + random.pick(LeadPhrases.ordinals)
      lead.reporterContact = telephoneNumber()
    }
    if random.below(100) < 40 { lead.respondent = spot + name }
    if random.below(100) < 15 {
      lead.deadlineMilliseconds = lead.reportedAtMilliseconds + Self.answerMilliseconds
    }
    return GeneratedLead(township: township, channel: channel, lead: lead)
  }

  /// Fifteen days, the usual limit for an answer.
  private static let answerMilliseconds: Int64 = 15 * 86_400_000

  private mutating func time() -> Int64 {
    let span = times.upperBound - times.lowerBound
    return times.lowerBound + Int64(random.below(Int(span)))
  }

  /// Eleven digits that begin with 100.
  private mutating func telephoneNumber() -> String {
    let digits = String(random.below(100_000_000))
    return "100" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  private mutating func title(
    _ township: String, _ spot: String, _ name: String, _ site: LeadPhrases.Site
  ) -> String {
    let headline = random.pick(site.headlines)
    let long = township + spot + name + headline
    if Self.titleCharacters.contains(long.count) { return long }
    let short = spot + name + headline
    return short.count < Self.titleCharacters.lowerBound ? short + "请求核查处理" : short
  }

  private mutating func body(
    _ township: String, _ spot: String, _ name: String, _ site: LeadPhrases.Site
  ) -> String {
    var text = random.pick(LeadPhrases.openings)
    text += township + spot + "的" + name + "，"
    text += random.pick(LeadPhrases.times) + random.pick(site.symptoms) + "，"
    text += random.pick(site.details) + "。"
    text += random.pick(LeadPhrases.distances)
    text += String(random.below(48) * 10 + 30) + "米，"
    text += random.pick(LeadPhrases.effects) + "。"
    if random.below(2) == 0 { text += random.pick(LeadPhrases.histories) + "。" }
    text += random.pick(LeadPhrases.demands) + "。"
    while text.count < Self.bodyCharacters.lowerBound {
      text += random.pick(LeadPhrases.demands) + "。"
    }
    return text
  }
}
