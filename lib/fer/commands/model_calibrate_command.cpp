#include "fer/commands/model_calibrate_command.h"

#include "fer/commands/model_fields.h"
#include "fer/commands/option_checks.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/eval/evaluation_data.h"
#include "fer/model/model_help.h"
#include "fer/nn/named_models.h"
#include "fer/tensors/device.h"

namespace fer::commands {

void ModelCalibrateOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(model_field(std::string("Model to calibrate: ") + model::kOneModelNames), model);
  data.visit(visitor);
  visitor.group("Calibration");
  visitor.field(Field("split",
                      "Images to fit the temperature on: train, val, test (in FER2013: Training, "
                      "PublicTest, PrivateTest), or all of them. Images that the model was trained "
                      "on give a temperature that is too low")
                    .essential(),
                split);
  visitor.field(Field("to",
                      "What the temperature is fitted to: the labels of the data, or the shares of "
                      "FER+'s votes (" +
                          option("ferplus") + ")"),
                to);
  visitor.field(Field("batch_size", "Images in a batch, on a GPU").range(1, 65'536), batch_size);
  visitor.group("Output");
  visit_written_model(visitor, output);
  visitor.field(Field("store", "Precision of the stored weights; float16 halves the file"), store);
  visitor.field(Field("licence", "Licence note of the written file, in place of the model's own"),
                licence);
  common.visit(visitor, {.device = true, .threads = true});
}

void ModelCalibrateOptions::validate() const {
  check_model(model);
  check_data_of_model(data);
  tensors::check_device_name(common.device);
}

int run_model_calibrate(const ModelCalibrateOptions& options, Console& console) {
  options.validate();
  check_new_file(options.output);
  find_single(options.model);
  const nn::NamedModel model = nn::load_models({options.model}, options.common.device).front();
  const data::FaceSet set = eval::open_evaluation_data(
      options.data, options.split, model.model.info, options.common.thread_count(), console);
  const std::string set_name =
      options.split == eval::EvaluatedSplit::val ? "validation" : choice_name(options.split);
  const eval::Calibration calibration = eval::calibrate_model(model, set, set_name,
                                                              {.output = options.output,
                                                               .truth = options.to,
                                                               .store = options.store,
                                                               .licence = options.licence,
                                                               .replace = false},
                                                              options.batch_size, console);
  console.results() << options.output << " temperature " << fixed(calibration.temperature, 4)
                    << '\n';
  return 0;
}

}  // namespace fer::commands
