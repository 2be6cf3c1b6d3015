#include "fer/commands/model_quantize_command.h"

#include <algorithm>
#include <utility>

#include "fer/commands/model_fields.h"
#include "fer/commands/option_checks.h"
#include "fer/core/option_error.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/data/equal_images.h"
#include "fer/eval/evaluation_data.h"
#include "fer/infer/eight_bit_calibration.h"
#include "fer/infer/face_model.h"
#include "fer/model/model_help.h"
#include "fer/tensors/face_images.h"

namespace fer::commands {

namespace {

// A random selection of the training images, by the seed.
at::Tensor drawn_images(const data::FaceSet& set, std::int64_t wanted, std::int64_t seed) {
  RandomStream stream = RandomStream(static_cast<std::uint64_t>(seed)).child("quantize");
  std::vector<std::int64_t> order = stream.permutation(set.size());
  order.resize(static_cast<std::size_t>(std::min(wanted, set.size())));
  return set.images.rows(at::tensor(order));
}

// The fraction of faces with the same class with and without 8-bit integers.
double agreement(const model::Model& model, const std::string& origin, FacesView faces,
                 runtime::Team& team) {
  const auto labels = [&](runtime::Precision precision) {
    const infer::FaceModel running(model, origin, precision);
    const auto rows = running.probabilities(faces, infer::Tta::none, team);
    const auto classes = static_cast<std::ptrdiff_t>(running.class_count());
    std::vector<std::ptrdiff_t> best;
    for (auto row = rows.begin(); row != rows.end(); row += classes) {
      best.push_back(std::max_element(row, row + classes) - row);
    }
    return best;
  };
  const auto exact = labels(runtime::Precision::float32), rough = labels(runtime::Precision::int8);
  std::size_t same = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) same += exact[i] == rough[i] ? 1 : 0;
  return static_cast<double>(same) / static_cast<double>(exact.size());
}

// Records that the model has seen these images, for evaluations. An empty list stays empty, because
// a list has all images or none.
void record_images(model::TrainingSummary& training, const at::Tensor& images) {
  if (training.image_hashes.empty()) return;
  training.image_hashes = data::united(training.image_hashes, data::distinct_hashes(images));
}

}  // namespace

void ModelQuantizeOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(model_field(std::string("Model to quantize: ") + model::kOneModelNames), model);
  data.visit(visitor);
  visitor.group("Quantization");
  visitor.field(Field("images",
                      "Number of training images from which the scales of the activations are "
                      "found; validation and test images are never used")
                    .range(1, 100'000)
                    .essential(),
                images);
  visitor.group("Output");
  visit_written_model(visitor, output);
  common.visit(visitor, {.threads = true, .seed = true});
}

void ModelQuantizeOptions::validate() const {
  check_model(model);
  check_data_of_model(data);
}

int run_model_quantize(const ModelQuantizeOptions& options, Console& console) {
  options.validate();
  check_new_file(options.output);
  const std::filesystem::path path = find_single(options.model);
  model::Model model = model::read_model(path);
  if (model.info.is_imported()) {
    throw OptionError(
        "model", options.model,
        "was imported from ONNX; 8-bit integers are for architectures of this project "
        "alone");
  }
  const int threads = options.common.thread_count();
  const at::Tensor images =
      drawn_images(eval::open_training_images(options.data, model.info, threads, console),
                   options.images, options.common.seed);
  const FacesView faces = tensors::faces_of(images);
  runtime::Team& team = runtime::own_team(threads);
  model.info.eight_bit = {infer::input_scales(model, path.string(), faces, team), images.size(0)};
  record_images(model.info.training, images);
  model::rewrite_model(path, model.info, model::stored_precision(path), options.output,
                       Existing::kept);
  console.info(std::to_string(model.info.eight_bit.of_inputs.size()) +
               " layers have scales for 8-bit integers, found from " + grouped(images.size(0)) +
               " training images; in int8, " +
               percent(agreement(model, path.string(), faces, team)) +
               " of these get the class that they get in float32");
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
