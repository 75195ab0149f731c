/// The checks between the regions of a file: what is given once, and whether the parents form trees.
struct TopologyCheck {
  private let draft: TopologyDraft
  /// The position in `draft.regions` of the first region of each id.
  private let positions: [RegionID: Int]
  private var found: [TopologyFinding] = []

  init(_ draft: TopologyDraft) {
    self.draft = draft
    var positions: [RegionID: Int] = [:]
    for (position, region) in draft.regions.enumerated() {
      if let id = region.id?.value, positions[id] == nil { positions[id] = position }
    }
    self.positions = positions
  }

  /// All findings, in no order.
  func findings() -> [TopologyFinding] {
    var check = self
    check.noteRepeatedIDsAndNumbers()
    check.noteRepeatedCodes()
    check.noteHubs()
    check.noteParents()
    check.noteCycles { $0.parent }
    check.noteCycles { $0.managedBy ?? $0.parent }
    return check.found
  }

  private mutating func note(
    _ code: TopologyFinding.Code, at position: FilePosition, subject: String = "",
    detail: String = ""
  ) {
    found.append(
      TopologyFinding(
        line: position.line, column: position.column, code: code, subject: subject,
        detail: detail))
  }
}

// MARK: - Given once

extension TopologyCheck {
  private mutating func noteRepeatedIDsAndNumbers() {
    var lineOfID: [RegionID: Int] = [:]
    var lineOfNumber: [Int: Int] = [:]
    for region in draft.regions {
      if let id = region.id {
        if let line = lineOfID[id.value] {
          note(.duplicateID, at: id.position, subject: id.value.rawValue, detail: String(line))
        } else {
          lineOfID[id.value] = id.position.line
        }
      }
      guard let number = region.number else { continue }
      if let line = lineOfNumber[number.value] {
        note(
          .duplicateNumber, at: number.position, subject: String(number.value),
          detail: String(line))
      } else {
        lineOfNumber[number.value] = number.position.line
      }
    }
  }

  /// A code may go to another unit later, but not on one day to two. Holders are swept in the order
  /// of their first days, so a hostile file of one code costs no more than a sort.
  private mutating func noteRepeatedCodes() {
    var holders: [String: [TopologyDraft.Placed<Topology.DivisionCode>]] = [:]
    for region in draft.regions {
      for code in region.codes {
        holders["\(code.value.system) \(code.value.code)", default: []].append(code)
      }
    }
    for (key, codes) in holders where codes.count > 1 {
      let sorted = codes.sorted { Self.beginsBefore($0.value.period, $1.value.period) }
      var longest = sorted[0]
      for code in sorted.dropFirst() {
        if code.value.period.overlaps(longest.value.period) {
          let (first, second) =
            longest.position < code.position ? (longest, code) : (code, longest)
          note(
            .duplicateCode, at: second.position, subject: key, detail: String(first.position.line))
        }
        if !Self.endsBefore(code.value.period, longest.value.period) { longest = code }
      }
    }
  }

  private static func beginsBefore(_ a: DayPeriod, _ b: DayPeriod) -> Bool {
    guard let second = b.from else { return false }
    guard let first = a.from else { return true }
    return first < second
  }

  private static func endsBefore(_ a: DayPeriod, _ b: DayPeriod) -> Bool {
    guard let first = a.to else { return false }
    guard let second = b.to else { return true }
    return first < second
  }
}

// MARK: - Trees

extension TopologyCheck {
  private mutating func noteHubs() {
    let hubs = draft.regions.filter { $0.tier?.value == .city }
    if hubs.isEmpty, let position = draft.regionsPosition { note(.noHub, at: position) }
    guard let first = hubs.first else { return }
    for hub in hubs.dropFirst() {
      note(
        .secondHub, at: hub.tier?.position ?? hub.position,
        subject: hub.id?.value.rawValue ?? "", detail: String(first.position.line))
    }
  }

  private mutating func noteParents() {
    let nearest = NearestID(among: Array(positions.keys))
    var suggestions = NearestID.maximumQuestions
    for region in draft.regions {
      let uppers = [
        (region.parent, TopologyFinding.Code.unknownParent),
        (region.managedBy, .unknownManagingBlock),
      ]
      for case (let upper?, let code) in uppers {
        guard let position = positions[upper.value] else {
          suggestions -= 1
          let hint = suggestions >= 0 ? nearest.nearest(to: upper.value) : nil
          note(
            code, at: upper.position, subject: upper.value.rawValue, detail: hint?.rawValue ?? "")
          continue
        }
        guard let tier = region.tier?.value, let above = draft.regions[position].tier?.value,
          above >= tier
        else { continue }
        note(
          .tierOutOfOrder, at: upper.position,
          subject: "\(region.id?.value.rawValue ?? "?") (\(tier.name))",
          detail: "\(upper.value) (\(above.name))")
      }
    }
  }

  /// Notes each circle once, where its first region in the file names its parent.
  private mutating func noteCycles(
    upper: (TopologyDraft.Region) -> TopologyDraft.Placed<RegionID>?
  ) {
    let uppers = draft.regions.map { region in
      upper(region).flatMap { positions[$0.value] }
    }
    var settled = [Bool](repeating: false, count: uppers.count)
    for start in uppers.indices {
      var walk: [Int] = []
      var stepOf: [Int: Int] = [:]
      var next: Int? = start
      while let here = next, !settled[here], stepOf[here] == nil {
        stepOf[here] = walk.count
        walk.append(here)
        next = uppers[here]
      }
      if let here = next, let step = stepOf[here] { noteCycle(Array(walk[step...]), upper: upper) }
      for region in walk { settled[region] = true }
    }
  }

  private mutating func noteCycle(
    _ members: [Int], upper: (TopologyDraft.Region) -> TopologyDraft.Placed<RegionID>?
  ) {
    guard let first = members.min(), let turn = members.firstIndex(of: first),
      let position = upper(draft.regions[first])?.position
    else { return }
    let circle = members[turn...] + members[..<turn] + [first]
    let names = circle.map { draft.regions[$0].id?.value.rawValue ?? "?" }
    note(
      .cycle, at: position, subject: names.first ?? "", detail: names.joined(separator: " → "))
  }
}
