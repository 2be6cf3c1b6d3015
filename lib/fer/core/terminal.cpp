#include "fer/core/terminal.h"

#include <string>

namespace fer {

StreamLook stream_look(bool is_terminal, const Variables& variables) {
  const auto value = [&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  const bool of_mpirun = variables.contains("OMPI_COMM_WORLD_RANK");
  const bool moves = is_terminal && !of_mpirun && value("TERM") != "dumb";
  return {moves, moves && value("NO_COLOR").empty()};
}

}  // namespace fer
