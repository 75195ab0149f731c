import Node
import Testing

/// Duty shifts: who is on duty, and how a shift is handed over.
@Suite(.timeLimit(.minutes(10))) struct CommandsShiftTests {
  @Test func `a shift is handed over with a note and the next begins at once`() async throws {
    let city = try await AccountsCity()
    try await city.add("next", for: "lake0", roles: ["channel_duty"])
    try city.settle()
    let clerk = try ActingPerson(account: "clerk@lake0", role: "channel_duty")
    let begun = try await city.lake.commands.startShift(ShiftStartArguments(), by: clerk)
    #expect(begun.until.value == nil && begun.account == "clerk@lake0" && begun.region == "lake0")
    let twice = await commandError {
      _ = try await city.lake.commands.startShift(ShiftStartArguments(), by: clerk)
    }
    #expect(twice?.code == .notPermitted)
    let besides = try await city.lake.commands.startShift(
      ShiftStartArguments(department: "ecology"), by: clerk)
    #expect(besides.department.value == "ecology", "each department has its own")
    var handOver = ShiftHandOverArguments(note: " ")
    #expect(
      await commandError {
        _ = try await city.lake.commands.handOverShift(handOver, by: clerk)
      }?.code == .badField)
    handOver.note = "两件待签收"
    handOver.to = "root@hub"
    #expect(
      await commandError {
        _ = try await city.lake.commands.handOverShift(handOver, by: clerk)
      } != nil)
    handOver.to = "next"
    let ended = try await city.lake.commands.handOverShift(handOver, by: clerk)
    #expect(ended.id == begun.id && ended.note.value == "两件待签收" && ended.until.value != nil)
    try city.settle()
    for node in [city.lake, city.east, city.hub] {
      let shifts = try node.commands.listShifts(ShiftListArguments())
      let told = shifts.map { "\($0.account) \($0.until.value == nil)" }
      #expect(told == ["next@lake0 true", "clerk@lake0 true", "clerk@lake0 false"])
    }
    #expect(try city.west.commands.listShifts(ShiftListArguments()).isEmpty)
    handOver.to = nil
    _ = try await city.lake.commands.handOverShift(handOver, by: clerk)
    let nobody = await commandError {
      _ = try await city.lake.commands.handOverShift(handOver, by: clerk)
    }
    #expect(nobody?.code == .notPermitted)
  }
}
