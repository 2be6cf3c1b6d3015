#include "fer/core/terminal.h"

#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("A terminal has colours and a bar, and a file has neither", "[core][unit]") {
  const StreamLook terminal = stream_look(true, {{"TERM", "xterm-256color"}, {"NO_COLOR", ""}});
  CHECK(terminal.moves);
  CHECK(terminal.colour);
  const StreamLook file = stream_look(false, {{"TERM", "xterm-256color"}});
  CHECK_FALSE(file.moves);
  CHECK_FALSE(file.colour);
}

TEST_CASE("NO_COLOR leaves the bar, a dumb terminal and mpirun's have neither", "[core][unit]") {
  CHECK(stream_look(true, {{"NO_COLOR", "1"}}).moves);
  CHECK_FALSE(stream_look(true, {{"NO_COLOR", "1"}}).colour);
  for (const Variables& variables :
       {Variables{{"TERM", "dumb"}},
        Variables{{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "2"}}}) {
    CHECK_FALSE(stream_look(true, variables).moves);
    CHECK_FALSE(stream_look(true, variables).colour);
  }
}

}  // namespace
}  // namespace fer
