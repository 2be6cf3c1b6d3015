#include "fer/commands/model_fields.h"

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/model/named_models.h"

namespace fer::commands {

Field model_field(std::string_view help) {
  return Field("model", help).file("MODEL").as_arguments().essential().not_recorded();
}

void visit_written_model(OptionVisitor& visitor, std::string& output) {
  visitor.field(Field("output", "Model file to write; an existing file is an error")
                    .file()
                    .essential()
                    .needed()
                    .not_recorded(),
                output);
}

void check_model(const std::string& model) {
  if (model.empty()) {
    throw Error("no model: name a file, a run folder or a released model (fer-model list)");
  }
}

void check_new_file(const std::string& output) {
  std::error_code ignored;  // then it cannot be written, either, which is reported below
  if (std::filesystem::exists(output, ignored)) {
    throw OptionError("output", output, "already exists; nothing is overwritten");
  }
  check_writable(output);
}

std::filesystem::path find_single(const std::string& name) {
  const std::vector<model::ModelPlace> places = model::find_models({name});
  if (places.size() > 1) {
    throw OptionError("model", name, "is an ensemble; name one of the models it lists");
  }
  return places.front().path;
}

}  // namespace fer::commands
