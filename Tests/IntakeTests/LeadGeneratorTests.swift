import Testing

@testable import Intake

@Suite struct LeadGeneratorTests {
  private static let times: Range<Int64> = 1_700_000_000_000..<1_702_592_000_000
  private static let townships = ["甲镇", "某某经济技术开发区", "二十个字的乡镇街道名称放在这里试一试长度"]

  private func leads(seed: UInt64, count: Int) -> [LeadGenerator.GeneratedLead] {
    var generator = LeadGenerator(
      seed: seed, townships: Self.townships, reportedAtMilliseconds: Self.times)
    return (0..<count).map { _ in generator.next() }
  }

  @Test func `SplitMix64 gives the published numbers`() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test func `the same seed gives the same leads and another seed others`() {
    let first = leads(seed: 7, count: 200)
    #expect(first == leads(seed: 7, count: 200))
    #expect(
      Set(first.map(\.lead.identityText))
        .isDisjoint(with: leads(seed: 8, count: 200).map(\.lead.identityText)))
  }

  @Test func `ten thousand leads are varied well-formed and invented`() {
    let all = leads(seed: intakeSeed, count: 10_000)
    #expect(Set(all.map(\.lead.body)).count > 9_900)
    #expect(Set(all.map(\.lead.identityText)).count == 10_000)
    #expect(Set(all.map(\.channel)).count == LeadPhrases.channels.count)
    #expect(throws: Never.self) {
      for channel in LeadPhrases.channels { _ = try ChannelKey(channel) }
    }
    #expect(Set(all.map(\.township)) == Set(Self.townships))
    #expect(all.allSatisfy { (10...30).contains($0.lead.title.count) })
    #expect(all.allSatisfy { (60...250).contains($0.lead.body.count) })
    #expect(all.allSatisfy { $0.lead.body.contains($0.township) })
    #expect(all.allSatisfy { Self.times.contains($0.lead.reportedAtMilliseconds) })
    #expect(
      all.allSatisfy { item in
        (item.lead.title + item.lead.body).unicodeScalars.allSatisfy { $0.value >= 0x20 }
      })
    #expect(all.allSatisfy { ($0.lead.reporterName == nil) == ($0.lead.reporterContact == nil) })
    let contacts = all.compactMap(\.lead.reporterContact)
    #expect(contacts.allSatisfy { $0.hasPrefix("100") && $0.utf8.count == 11 })
    #expect(all.contains { $0.lead.reporterContact == nil })
    #expect(all.contains { $0.lead.deadlineMilliseconds != nil })
    #expect(Set(all.flatMap(\.lead.types)) == Set(PollutionWords.keys))
  }

  @Test func `every phrase stands once and every site's symptoms show its types`() {
    for site in LeadPhrases.sites {
      #expect(site.types == PollutionWords.keys.filter(site.types.contains))
      for symptom in site.symptoms {
        let found = PollutionWords.keys(in: symptom)
        #expect(!found.isEmpty, "\(symptom)")
        #expect(Set(found).isSubset(of: site.types), "\(symptom): \(found)")
      }
    }
    let phrases =
      LeadPhrases.sites.flatMap { $0.names + $0.headlines + $0.symptoms + $0.details }
      + LeadPhrases.spots + LeadPhrases.openings + LeadPhrases.times + LeadPhrases.distances
      + LeadPhrases.effects + LeadPhrases.histories + LeadPhrases.demands
    #expect(phrases.count >= 250)
    #expect(Set(phrases).count == phrases.count)
    // The titles' bounds rest on these.
    for site in LeadPhrases.sites {
      #expect(site.names.allSatisfy { (2...8).contains($0.count) })
      #expect(site.headlines.allSatisfy { (4...8).contains($0.count) })
    }
    #expect(LeadPhrases.spots.allSatisfy { (3...7).contains($0.count) })
  }

  @Test func `a generated lead written as CSV is read back as itself`() throws {
    let generated = leads(seed: 3, count: 50)
    var text = "source_id,title,body,reported_at\n"
    for item in generated {
      let serial = Double(item.lead.reportedAtMilliseconds + 8 * 3_600_000) / 86_400_000 + 25_569
      text += "\(item.lead.sourceID ?? ""),\(item.lead.title),\"\(item.lead.body)\",\(serial)\n"
    }
    for (row, item) in zip(try leadRows(text), generated) {
      #expect(row.lead?.title == item.lead.title)
      #expect(row.lead?.body == item.lead.body)
      #expect(row.lead?.reportedAtMilliseconds == item.lead.reportedAtMilliseconds)
    }
  }
}
