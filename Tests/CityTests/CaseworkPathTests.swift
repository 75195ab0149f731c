import Foundation
import Testing

extension CityTests {
  /// One lead on each path of the shipped process, through the command line, over three tiers whose
  /// links are cut whenever somebody acts.
  @Suite struct CaseworkPathTests {
    /// Offices of the city that act.
    private enum Desk { case hub, east, west, lake, hill }

    /// One act at one office.
    private struct Step {
      let act: String
      let role: String
      var values: [String: String] = [:]
      var to: [String] = []
      var due: String?
      var person = "wang"
      /// The entry that names evidence, and how many pieces.
      var evidence: (entry: String, pieces: Int)?
      /// Whether it is done on each item to rectify of the lead.
      var isOfItems = false
    }

    /// What one office does before the links return.
    private struct Turn {
      let desk: Desk
      let steps: [Step]
    }

    private struct Path {
      let name: String
      let turns: [Turn]
    }

    private static func clerk(_ act: String, _ values: [String: String] = [:]) -> Step {
      Step(act: act, role: "township_clerk", values: values)
    }

    private static func office(
      _ act: String, _ values: [String: String] = [:], to: String? = nil
    ) -> Step {
      Step(act: act, role: "platform_office", values: values, to: to.map { [$0] } ?? [])
    }

    private static func department(_ act: String, _ values: [String: String] = [:]) -> Step {
      Step(act: act, role: "department", values: values)
    }

    private static let inspected = Step(
      act: "inspected", role: "field_officer", values: ["officers": "甲,乙", "finding": "扬尘"],
      evidence: ("photos", 1))
    /// From intake to the township's desk.
    private static let toLake = [
      Turn(desk: .lake, steps: [clerk("registered")]),
      Turn(desk: .east, steps: [office("triaged", ["types": "air"])]),
      Turn(desk: .east, steps: [office("dispatched", to: "lake")]),
      Turn(desk: .lake, steps: [clerk("signed")]),
    ]
    private static let untrue = Turn(
      desk: .lake, steps: [inspected, clerk("found_untrue", ["finding": "不属实"])])
    private static let close = Turn(desk: .east, steps: [office("closed", ["result": "已核实"])])
    private static let checked = [
      Turn(
        desk: .lake,
        steps: [
          Step(
            act: "rechecked", role: "field_officer",
            values: ["officers": "丙,丁", "result": "到位"])
        ]),
      Turn(
        desk: .east,
        steps: [office("visited", ["result": "未接通"])]),
      Turn(desk: .east, steps: [office("fed_back", ["result": "满意", "score": "5"])]),
    ]
    private static let disclose = [
      Turn(desk: .east, steps: [office("disclosed", ["text": "已办结", "redaction": "赵某"])]),
      Turn(desk: .east, steps: [office("archived")]),
    ]

    private static let paths: [Path] = [
      Path(name: "untrue", turns: toLake + [untrue, close]),
      Path(
        name: "rectified",
        turns: toLake + [
          Turn(
            desk: .lake,
            steps: [
              inspected, clerk("rectification_ordered", ["order": "停工", "items": "围挡,洒水"]),
            ]),
          Turn(
            desk: .lake,
            steps: [
              Step(
                act: "done", role: "township_clerk", values: ["result": "已整改"],
                isOfItems: true),
              Step(
                act: "checked", role: "field_officer", values: ["result": "到位"], person: "zhao",
                isOfItems: true),
              Step(
                act: "rectified", role: "township_clerk", values: ["result": "已整改"],
                evidence: ("before_after", 2)),
            ]),
        ] + checked + [close] + disclose),
      Path(
        name: "penalised",
        turns: toLake + [
          Turn(
            desk: .lake, steps: [inspected, department("filing_started", ["reason": "超标"])]),
          Turn(
            desk: .lake,
            steps: [
              Step(
                act: "filed", role: "department", values: ["case_number": "环罚〔2026〕1号"],
                evidence: ("evidence", 1))
            ]),
          Turn(
            desk: .lake,
            steps: [
              department("penalty_noticed", ["notice": "告知1号"]),
              department("hearing_held", ["record": "无异议"]),
            ]),
          Turn(
            desk: .lake,
            steps: [
              Step(
                act: "penalised", role: "department",
                values: ["decision": "决定1号", "review": "合法", "amount": "20000"])
            ]),
          Turn(desk: .lake, steps: [department("executed", ["enforcement": "缴清"])]),
        ] + checked + [close] + disclose),
      Path(
        name: "returned twice",
        turns: Array(toLake.dropLast()) + [
          Turn(desk: .lake, steps: [clerk("returned", ["reason": "非本辖区", "clause": "一"])]),
          Turn(desk: .east, steps: [office("dispatched", to: "lake")]),
          Turn(desk: .lake, steps: [clerk("escalated", ["reason": "仍非本辖区"])]),
          Turn(desk: .hub, steps: [office("ruled", ["basis": "属地"], to: "west")]),
          Turn(desk: .west, steps: [office("signed")]),
          Turn(desk: .west, steps: [office("found_untrue", ["finding": "不属实"])]),
          Turn(desk: .hub, steps: [office("closed", ["result": "已核实"])]),
        ]),
      Path(
        name: "transferred",
        turns: toLake + [
          Turn(
            desk: .lake,
            steps: [clerk("transfer_requested", ["reason": "源头在西区", "region": "west"])]),
          Turn(desk: .east, steps: [office("transfer_passed_up", to: "hub")]),
          Turn(desk: .hub, steps: [office("dispatched", to: "west")]),
          Turn(desk: .west, steps: [office("dispatched", to: "hill")]),
          Turn(desk: .hill, steps: [clerk("signed")]),
          Turn(desk: .hill, steps: [clerk("found_untrue", ["finding": "不属实"])]),
          Turn(desk: .west, steps: [office("closed", ["result": "已核实"])]),
        ]),
      Path(
        name: "reopened",
        turns: toLake + [
          untrue, close, Turn(desk: .east, steps: [office("reopened", ["reason": "抽查不实"])]),
          Turn(desk: .east, steps: [office("dispatched", to: "lake")]),
          Turn(desk: .lake, steps: [clerk("signed")]), untrue, close,
        ]),
      Path(
        name: "duplicate",
        turns: [
          Turn(desk: .lake, steps: [clerk("registered")]),
          Turn(desk: .east, steps: [office("merged", ["incident": "@untrue"])]),
          Turn(desk: .east, steps: []), Turn(desk: .east, steps: []),
          Turn(desk: .east, steps: []), Turn(desk: .east, steps: []),
          Turn(desk: .east, steps: [office("incident_handled", ["result": "已随事件办理"])]),
          Turn(desk: .east, steps: [office("fed_back", ["result": "满意"])]), close,
        ]),
      Path(
        name: "voided",
        turns: [
          Turn(desk: .lake, steps: [clerk("registered")]),
          Turn(desk: .east, steps: [office("void_proposed", ["reason": "测试件"])]),
          Turn(
            desk: .east, steps: [Step(act: "voided", role: "platform_office", person: "li")]),
        ]),
      Path(
        name: "extended",
        turns: toLake + [
          Turn(
            desk: .lake,
            steps: [clerk("extension_requested", ["reason": "连日降雨", "days": "5"])]),
          Turn(
            desk: .east,
            steps: [office("extension_granted", ["days": "5", "reason": "属实"])]),
          untrue, close,
        ]),
      Path(
        name: "suspended",
        turns: toLake + [
          Turn(desk: .lake, steps: [department("suspended", ["reason": "等待检测"])]),
          Turn(desk: .lake, steps: [department("resumed")]), untrue, close,
        ]),
    ]

    /// What each path must come to.
    private static let ends = [
      "untrue": "closed", "rectified": "archived", "penalised": "archived",
      "returned twice": "closed", "transferred": "closed", "reopened": "closed",
      "duplicate": "closed", "voided": "void", "extended": "closed", "suspended": "closed",
    ]
    /// The stages with a limit through which the paths lead.
    private static let limited: Set<String> = [
      "intake", "triage", "dispatch", "sign", "returned", "ruling", "transfer", "inspect",
      "rectify",
      "filing", "penalty", "execute", "recheck", "feedback", "verify", "reopened", "disclosed",
    ]
    /// Whether leads stay at each stage until its third warning is due, which takes three minutes.
    private static let isWhole =
      ProcessInfo.processInfo.environment["LIANDONG_WARNED_PATHS"] == "1"
    /// Longer than six hundredths of three minutes.
    private static let stay = Duration.seconds(isWhole ? 11.5 : 0)

    private func node(_ desk: Desk, in city: City) -> CityNode {
      switch desk {
      case .hub: city.hub
      case .east: city.east
      case .west: city.west
      case .lake: city.lake
      case .hill: city.hill
      }
    }

    /// The shipped process with limits of three minutes, warned of after four, eight and eleven seconds.
    private func hurriedProcess(in city: City) throws -> String {
      let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let text = try String(
        contentsOf: root.appending(path: "topology/process.yaml"), encoding: .utf8)
      let limit = try Regex(
        "limit: [^,}]+(, urgent: [^,}]+)?(, statutory: true)?(, reminder: 80%)?(, warn: \\[[^\\]]*\\])?"
      )
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        let line = String(line)
        return line.contains("owner:")
          ? line.replacing(limit, with: "limit: 3min, warn: [2%, 4%, 6%]") : line
      }
      return try city.scratch.write(lines.joined(separator: "\n"), to: "hurried.yaml")
    }

    private func carryOut(
      _ step: Step, on lead: String, at node: CityNode, _ leads: [String: String], in city: City
    ) throws -> String {
      if step.isOfItems {
        for item in try node.good("lead", "item", "list", lead) {
          try node.good(
            "lead", "item", step.act, try #require(item["id"] as? String), "--role", step.role,
            "--as", step.person, "--result", step.values["result"] ?? "")
        }
        return try stage(of: lead, at: node) ?? ""
      }
      var words = ["lead", "act", lead, step.act, "--role", step.role, "--as", step.person]
      for (name, value) in step.values.sorted(by: { $0.key < $1.key }) {
        let value = value.hasPrefix("@") ? leads[String(value.dropFirst())] ?? "" : value
        words += ["--set", "\(name)=\(value)"]
      }
      if let evidence = step.evidence {
        let files = try (0..<evidence.pieces).map { piece in
          let name = "\(UUID().uuidString)-\(piece)"
          // Pictures of one length are the same picture.
          let path = try city.picture(2_000 + Int.random(in: 0..<60_000), name)
          return try #require(
            node.good("evidence", "add", lead, path).first?["file"] as? String)
        }
        words += ["--set", "\(evidence.entry)=\(files.joined(separator: ","))"]
      }
      for region in step.to { words += ["--to", region] }
      let run = try ToolRun.run(
        ToolRun.liandong, words + ["--home", node.home, "--lang", "en", "--json"])
      guard run.status == 0 else {
        throw CityFault("\(words.joined(separator: " ")) at \(node.region): \(run.errors)")
      }
      return try run.object()["stage"] as? String ?? ""
    }

    private func stage(of lead: String, at node: CityNode) throws -> String? {
      let run = try node.run("lead", "show", lead)
      guard run.status == 0 else { return nil }
      let shown = try run.object()
      return shown["stage"] as? String ?? (shown["lead"] as? [String: Any])?["stage"] as? String
    }

    @Test func `every path goes to its end, and every stage is warned of three times, once each`()
      async throws
    {
      let city = try City()
      let nodes = [city.hub, city.east, city.west, city.lake, city.hill]
      for node in nodes { try await node.start() }
      try city.hub.good("process", "apply", hurriedProcess(in: city))
      for node in nodes {
        try await eventually("the process is at \(node.region)") {
          try !node.good("process", "list").isEmpty
        }
      }
      var leads: [String: String] = [:]
      var stages: [String: String] = [:]
      for path in Self.paths {
        leads[path.name] = try city.lake.report("路径 \(path.name)")
        stages[path.name] = "intake"
      }
      for round in 0..<(Self.paths.map(\.turns.count).max() ?? 0) {
        let due = Self.paths.filter { $0.turns.count > round }
        for path in due {
          let lead = try #require(leads[path.name])
          let desk = node(path.turns[round].desk, in: city)
          try await eventually("\(path.name) is at \(desk.region)", within: .seconds(60)) {
            try stage(of: lead, at: desk) == stages[path.name]
          }
        }
        try await Task.sleep(for: Self.stay)
        // An extension moves what was not warned of yet, and a node looks once a minute alone.
        if Self.isWhole {
          for node in [city.hub, city.east, city.west] { try node.good("warning", "sweep") }
        }
        // Whoever acts has no link; who waits does not see it yet.
        for node in nodes { try node.good("sync", "pause") }
        for path in due {
          let turn = path.turns[round]
          let lead = try #require(leads[path.name])
          for step in turn.steps {
            stages[path.name] = try carryOut(
              step, on: lead, at: node(turn.desk, in: city), leads, in: city)
          }
        }
        for node in nodes { try node.good("sync", "resume") }
      }
      try await Task.sleep(for: Self.stay)
      try await city.settle()
      for path in Self.paths {
        let lead = try #require(leads[path.name])
        #expect(stages[path.name] == Self.ends[path.name], "\(path.name)")
        try await eventually("\(path.name) has come to the hub") {
          try stage(of: lead, at: city.hub) == Self.ends[path.name]
        }
        let story = try city.hub.good("lead", "timeline", lead)
        #expect(story.count >= path.turns.count(where: { !$0.steps.isEmpty }), "\(path.name)")
      }
      try await checkWarnings(of: leads, in: city)
      for node in nodes { try node.good("verify") }
    }

    /// Sweeps twice everywhere: what was written is there once for each stay at a stage and level.
    private func checkWarnings(of leads: [String: String], in city: City) async throws {
      for _ in 0..<2 {
        for node in [city.hub, city.east, city.west] { try node.good("warning", "sweep") }
        try await city.settle()
      }
      var written: [String: Int] = [:]
      var levels: [String: Set<String>] = [:]
      for warning in try city.hub.good("warning", "list", "--limit", "1000")
      where warning["subject"] as? String == "stage" && warning["item"] == nil {
        let number = warning["number"] as? String ?? ""
        guard leads.values.contains(number) else { continue }
        let stage = warning["stage"] as? String ?? ""
        let level = warning["level"] as? String ?? ""
        // The moment at which a level was reached tells one stay from another.
        written["\(number) \(stage) \(level) \(warning["since"] as? String ?? "")", default: 0] += 1
        levels["\(number) \(stage)", default: []].insert(level)
      }
      #expect(written.values.allSatisfy { $0 == 1 }, "\(written.filter { $0.value > 1 })")
      let warned = Set(levels.keys.compactMap { $0.split(separator: " ").last.map(String.init) })
      if Self.isWhole {
        for (stay, seen) in levels {
          #expect(seen == ["yellow", "orange", "red"], "\(stay): \(seen)")
        }
        #expect(Self.limited.isSubset(of: warned), "\(Self.limited.subtracting(warned))")
      } else {
        print("leads do not stay for their warnings; LIANDONG_WARNED_PATHS=1 lets them")
      }
      print(
        "\(Self.paths.count) paths; \(written.count) warnings of stages, \(levels.count) stays, "
          + "\(warned.count) stages")
    }
  }
}
