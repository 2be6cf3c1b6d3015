#include "fer/detect/onnx_network.h"

#include <algorithm>
#include <cstddef>
#include <opencv2/imgproc.hpp>
#include <span>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"

namespace fer::detect {

namespace {

constexpr std::size_t kMaxFileBytes = 64'000'000;  // CenterFace, the largest, has 7.3 million

template <typename Sizes>
std::string shape_text(const Sizes& shape) {
  std::vector<std::string> sizes;
  for (const auto size : shape) sizes.push_back(std::to_string(size));
  return "[" + join(sizes, ",") + "]";
}

void check_names(const graph::OnnxFile& onnx, const std::vector<ExpectedOutput>& outputs,
                 const std::string& wrong) {
  for (const ExpectedOutput& output : outputs) {
    if (onnx.has_output(output.name)) continue;
    std::vector<std::string> names;
    for (const graph::OnnxValue& value : onnx.outputs) names.push_back(quote(value.name));
    throw Error(wrong + ": it has no output " + quote(output.name) + " but " + join(names, ", "));
  }
}

void check_shape(const graph::OnnxOutput& output, const ExpectedOutput& expected,
                 const std::string& wrong) {
  if (!output.softmax && std::equal(output.dims.begin(), output.dims.end(), expected.shape.begin(),
                                    expected.shape.end())) {
    return;
  }
  throw Error(wrong + ": its output " + expected.name + " has shape " + shape_text(output.dims) +
              ", not " + shape_text(expected.shape));
}

// [channels, pixels] -> [pixels, channels]
std::vector<float> pixel_by_pixel(const std::vector<float>& planes, std::size_t channels) {
  const std::size_t pixels = planes.size() / channels;
  std::vector<float> numbers(planes.size());
  for (std::size_t i = 0; i < pixels; ++i) {
    for (std::size_t c = 0; c < channels; ++c) numbers[i * channels + c] = planes[c * pixels + i];
  }
  return numbers;
}

}  // namespace

DetectorFile read_detector_file(const std::filesystem::path& path) {
  DetectorFile file{.content = read_file(path, kMaxFileBytes), .onnx = {}};
  file.onnx = graph::read_onnx_file(file.content, path.string());
  return file;
}

OnnxNetwork::OnnxNetwork(const DetectorFile& file, const std::filesystem::path& path,
                         const std::string& kind, const NetworkOptions& options,
                         const std::vector<ExpectedOutput>& outputs) {
  const std::string wrong = path.string() + ": is not " + kind;
  check_names(file.onnx, outputs, wrong);
  const graph::OnnxGraph net =
      graph::graph_of_onnx(file.onnx, {options.side, options.side}, wrong + " that can be run");
  if (net.channels_last || net.graph.channels != 3) {
    throw Error(wrong + ": its input is not [1,3,height,width]");
  }
  for (const ExpectedOutput& expected : outputs) {
    const auto found =
        std::find_if(net.outputs.begin(), net.outputs.end(),
                     [&](const auto& output) { return output.name == expected.name; });
    check_shape(*found, expected, wrong);
    outputs_.push_back({static_cast<std::size_t>(found - net.outputs.begin()), expected.shape,
                        found->channels_last});
  }
  const runtime::CompileOptions compile{
      .height = options.side, .width = options.side, .precision = options.precision};
  try {
    executable_ = std::make_shared<const runtime::Executable>(net.graph, compile);
  } catch (const Error& error) {
    throw Error(wrong + " that can be run: " + error.what());
  }
}

std::vector<cv::Mat> OnnxNetwork::run(const cv::Mat& square, const cv::Size& filled, bool as_rgb) {
  cv::Mat pixels;
  if (as_rgb) {
    cv::cvtColor(square, pixels, cv::COLOR_BGR2RGB);
  } else {
    pixels = square.isContinuous() ? square : square.clone();
  }
  results_ = executable_->run(std::span<const std::uint8_t>(pixels.data, pixels.total() * 3),
                              runtime::GreyLevels::unchanged(), team_,
                              {.height = filled.height, .width = filled.width});
  std::vector<cv::Mat> blobs;
  for (const Output& output : outputs_) {
    std::vector<float>& numbers = results_[output.number];
    if (output.channels_last) {
      const auto channels = static_cast<std::size_t>(executable_->output(output.number).channels);
      numbers = pixel_by_pixel(numbers, channels);
    }
    blobs.emplace_back(output.shape, CV_32F, numbers.data());
  }
  return blobs;
}

}  // namespace fer::detect
