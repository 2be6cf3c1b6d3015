// Exit codes of commands besides 0 and 1.
#pragma once

namespace fer::commands {

// Ended by SIGINT or SIGTERM: 128 + SIGINT, as shells have it.
inline constexpr int kExitInterrupted = 130;

}  // namespace fer::commands
