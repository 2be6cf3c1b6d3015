#include "fer/commands/predict_command.h"

#include <iostream>
#include <vector>

#include "fer/commands/classify_faces.h"
#include "fer/commands/named_models.h"
#include "fer/commands/predict_flow.h"

namespace fer {

int run_predict(const PredictOptions& options, Console& console) {
  options.validate();
  const std::vector<NamedModel> models = load_models(options.model, options.common.device);
  return predict_sources(
      options, models.front().model.info.labels,
      {classify_with(models, options.tta, options.common.thread_count()), explain_with(models)},
      std::cin, console);
}

}  // namespace fer
