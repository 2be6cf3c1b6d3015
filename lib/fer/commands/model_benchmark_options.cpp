#include "fer/commands/model_benchmark_command.h"
#include "fer/commands/model_fields.h"
#include "fer/commands/option_checks.h"
#include "fer/core/option_error.h"
#include "fer/model/model_help.h"

namespace fer::commands {

void ModelBenchmarkOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(model_field(std::string("Model to measure: ") + model::kModelNames), model);
  data.visit(visitor, "no accuracy is measured");
  visitor.group("Benchmark");
  visitor.field(
      Field("split", "Images to measure the accuracy on, with " + option("data") +
                         ": train (Training), val (PublicTest), test (PrivateTest), or all of "
                         "them")
          .essential(),
      split);
  visitor.field(Field("seconds", "Time to measure each precision with each number of faces")
                    .in("seconds")
                    .range(0.01, 3600),
                seconds);
  visitor.group("Output");
  visitor.field(Field("json",
                      "Write the table as JSON to this file; - writes it to stdout, and nothing "
                      "else")
                    .file()
                    .essential()
                    .not_recorded(),
                json);
  common.visit(visitor, {.threads = true});
}

void ModelBenchmarkOptions::validate() const {
  check_model(model);
  check_data_of_model(data);
}

}  // namespace fer::commands
