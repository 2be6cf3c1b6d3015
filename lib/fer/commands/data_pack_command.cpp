#include <filesystem>

#include "fer/commands/data_command.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/data/open_data.h"
#include "fer/data/packed_file.h"

namespace fer::commands {

void DataPackOptions::visit(OptionVisitor& visitor) {
  data.visit_sets(visitor);
  visitor.group("Output");
  visitor.field(Field("output", "File to write, which " + option("data") +
                                    " then takes; an existing file is an error")
                    .file()
                    .essential()
                    .needed(),
                output);
  common.visit(visitor, {.threads = true});
}

int run_data_pack(const DataPackOptions& options, Console& console) {
  if (path_exists(options.output)) {
    throw OptionError("output", options.output, "already exists; nothing is overwritten");
  }
  check_writable(options.output);
  const data::OpenedData opened = data::read_data(options.data, options.common.thread_count());
  for (const std::string& note : opened.notes) console.info(note);
  data::write_packed_file(options.output, opened.set);
  console.info(opened.set.source + ": packed " + opened.set.describe_splits() +
               (opened.set.votes.defined() ? ", with FER+ votes" : ""));
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
