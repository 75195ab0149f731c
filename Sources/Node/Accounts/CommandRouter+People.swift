extension CommandRouter.Call {
  func account(_ verb: String) async throws -> CommandRouter.Answer {
    switch verb {
    case "audit":
      let findings = try await commands.auditAccounts()
      var answer = try CommandRouter.Answer(list: findings)
      if !findings.isEmpty { answer.exit = .no }
      return answer
    case "bootstrap":
      return try CommandRouter.Answer(
        await commands.bootstrapAccounts(arguments(AccountOpenArguments.self)))
    case "add":
      return try CommandRouter.Answer(
        await commands.addAccount(arguments(AccountOpenArguments.self), by: person()))
    case "list": return try CommandRouter.Answer(list: commands.listAccounts())
    case "show":
      return try CommandRouter.Answer(commands.showAccount(arguments(AccountArguments.self)))
    case "roles":
      return try CommandRouter.Answer(
        await commands.assignRoles(arguments(AccountRolesArguments.self), by: person()))
    case "password":
      return try CommandRouter.Answer(
        await commands.setPassword(arguments(AccountPasswordArguments.self), by: person()))
    case "revoke":
      return try CommandRouter.Answer(
        await commands.revokeAccount(arguments(AccountStateArguments.self), by: person()))
    case "restore":
      return try CommandRouter.Answer(
        await commands.restoreAccount(arguments(AccountStateArguments.self), by: person()))
    case "login":
      return try CommandRouter.Answer(await commands.logIn(arguments(LoginArguments.self)))
    case "logout": return try CommandRouter.Answer(await commands.logOut(request.session))
    case "code challenge":
      return try CommandRouter.Answer(
        await commands.challengeCode(arguments(AccountArguments.self)))
    case "code answer":
      return try CommandRouter.Answer(
        await commands.answerCode(arguments(CodeAnswerArguments.self), by: person()))
    case "code use":
      return try CommandRouter.Answer(await commands.useCode(arguments(CodeUseArguments.self)))
    default: throw unknown()
    }
  }

  func shift(_ verb: String) async throws -> CommandRouter.Answer {
    switch verb {
    case "start":
      try CommandRouter.Answer(
        await commands.startShift(arguments(ShiftStartArguments.self), by: person()))
    case "hand-over":
      try CommandRouter.Answer(
        await commands.handOverShift(arguments(ShiftHandOverArguments.self), by: person()))
    case "list":
      try CommandRouter.Answer(list: commands.listShifts(arguments(ShiftListArguments.self)))
    default: throw unknown()
    }
  }
}
