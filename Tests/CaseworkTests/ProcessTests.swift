import Casework
import Ledger
import Regions
import Testing

struct ProcessTests {
  @Test func builtInProcessReadsBackWithTheSameHash() throws {
    let process = Process.firstCut
    let again = try Process(decoding: process.encoded)
    #expect(again.families == process.families)
    #expect(again.movers == process.movers)
    #expect(again.hash == Hash(of: process.encoded))
    #expect(ProcessLibrary([process])[again.hash] == process)
  }

  @Test func processThatSaysMoreThanThisVersionKnowsIsRefused() throws {
    guard case .map(var entries) = Process.firstCut.value else {
      Issue.record("a process is a map")
      return
    }
    entries["limits"] = .array([])
    let newer = CanonicalValue.map(entries).encoded
    let error = #expect(throws: ProcessError.self) { try Process(decoding: newer) }
    #expect(error?.code == .newer)
  }

  @Test func processThatContradictsItselfIsRefused() {
    let found = KindRule("a.found", "立", "found", .found(.actor))
    func code(_ kinds: [KindRule], fields: [Field] = []) -> ProcessError.Code? {
      let family = Family(
        name: "a", chinese: "甲", english: "a", stages: [Stage("new", "新", "new")], fields: fields,
        kinds: kinds)
      let result = Result { () throws(ProcessError) in
        try Process(families: [family], movers: .anyone)
      }
      guard case .failure(let error) = result else { return nil }
      return error.code
    }
    #expect(code([found]) == nil)
    #expect(code([]) == .noFounding)
    #expect(code([found, found]) == .noFounding)
    let move = KindRule("a.move", "动", "move", .move(from: ["old"], to: "new", .keeps))
    #expect(code([found, move]) == .unknownStage)
    let note = KindRule("a.note", "记", "note", .fact)
    #expect(code([found, note, note]) == .doubled)
    #expect(code([found], fields: [Field("stage", .text)]) == .reservedName)
    for kind in ["rules.moved", "conflict.decided"] {
      #expect(code([found, KindRule(kind, "换", "move", .fact)]) == .reservedName)
    }
  }

  @Test func everyStageButTheLastOnesHasAWayOn() {
    for family in Process.firstCut.families where family.kinds.count > 2 {
      var reached = Set([family.stages[0].key])
      for _ in family.stages {
        for kind in family.kinds {
          if case .move(let from, let to, _) = kind.effect, !reached.isDisjoint(with: from) {
            reached.insert(to)
          }
        }
      }
      if family.stages.count > 1 { #expect(reached == Set(family.stages.map(\.key))) }
    }
  }

  @Test func damagedBytesNeverCrashTheReader() {
    var numbers = SeededNumbers(seed: 11)
    let good = Process.firstCut.encoded
    for _ in 0..<200 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = numbers.bytes(1)[0]
      }
      if let process = try? Process(decoding: bytes) { #expect(process.encoded == bytes) }
      _ = try? Process(decoding: numbers.bytes(40))
    }
  }
}
