#include "fer/serve/frame_stream.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "fer/core/error.h"
#include "fer/output/prediction_json.h"
#include "fer/serve/faces_json.h"
#include "fer/serve/pictures_job.h"
#include "fer/serve/problem.h"

namespace fer::serve {

namespace {

constexpr const char* kStreamName = "stream";
// Any positive rate will do: it only marks the frames as moving pictures.
constexpr double kSomeRate = 25.0;

}  // namespace

FrameStream::FrameStream(Engine& engine, std::function<void(std::string)> send)
    : engine_(engine), send_(std::move(send)), next_(setting_of({})) {}

FrameStream::Setting FrameStream::setting_of(const PredictParameters& parameters) const {
  constexpr const char* kPart = "parameter of the stream";
  if (parameters.explain || parameters.annotate) {
    throw Problem(400, "streams have no pictures in their answers")
        .in(kPart)
        .allowed("explain and annotate of POST /v1/predict");
  }
  return {parameters, engine_.models.find(parameters.model, kPart),
          &engine_.detectors.find(parameters.detector, kPart)};
}

void FrameStream::configure(const Fields& fields) {
  PredictParameters parameters;
  {
    const std::lock_guard lock(mutex_);
    parameters = next_.parameters;
  }
  read_parameters(fields, "parameter", parameters);
  Setting next = setting_of(parameters);
  const std::lock_guard lock(mutex_);
  next_ = std::move(next);
}

void FrameStream::offer(std::string bytes, double time_s) {
  Waiting frame{std::move(bytes), time_s};
  {
    const std::lock_guard lock(mutex_);
    if (busy_) {
      if (waiting_) {
        ++dropped_;
        engine_.metrics.dropped_frame();
      }
      waiting_ = std::move(frame);
      return;
    }
    busy_ = true;
  }
  begin(std::move(frame));
}

void FrameStream::answered() {
  std::optional<Waiting> frame;
  {
    const std::lock_guard lock(mutex_);
    frame = std::exchange(waiting_, std::nullopt);
    busy_ = frame.has_value();
  }
  if (frame && !stopped_) begin(*std::move(frame));
}

void FrameStream::begin(Waiting frame) {
  token_ = std::make_unique<UnderWay::Token>(engine_.work);
  const auto shared = std::make_shared<Waiting>(std::move(frame));
  engine_.workers.post([self = shared_from_this(), shared] { self->search(std::move(*shared)); },
                       Workers::Turn::soon);
}

void FrameStream::search(Waiting waiting) {
  work_ = {};
  source::Frame& frame = work_.prediction.frame;
  frame.source = kStreamName;
  frame.index = index_++;
  frame.time_s = waiting.time_s;
  frame.frames_per_second = kSomeRate;
  try {
    if (stopped_) throw Error("the stream has ended");
    {
      const std::lock_guard lock(mutex_);
      // Restarts the averages for another model.
      const bool another = next_.model != setting_.model || !stabilizer_ ||
                           next_.parameters.min_confidence != setting_.parameters.min_confidence;
      setting_ = next_;
      if (another) {
        stabilizer_.emplace(predict::StabilizerOptions{
            .smoothing = {}, .least_probability = setting_.parameters.min_confidence});
      }
    }
    Picture picture{kStreamName, std::move(waiting.bytes)};
    {
      const StageTimer timer(engine_.metrics, Stage::decode);
      frame.image = decode_bounded(picture, engine_.config.limits);
      frame.size = frame.image.size();
    }
    {
      const StageTimer timer(engine_.metrics, Stage::detect);
      left_out_ = setting_.finder->find(
          work_, setting_.model->wanted(),
          std::min(engine_.config.limits.faces, setting_.model->most_faces(engine_.config.limits)));
    }
    if (frame.failed()) throw Error(frame.error);
    frame.image.release();
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  if (work_.crops.empty()) return classified({}, nullptr);
  engine_.batcher.add(
      {setting_.model, setting_.parameters.tta, work_.crops, std::exchange(work_.cuts, {}),
       [self = shared_from_this()](ClassifyJob::Rows rows, const std::exception_ptr& failure) {
         self->classified(std::move(rows), failure);
       }});
}

void FrameStream::classified(ClassifyJob::Rows rows, const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
    std::vector<output::FacePrediction>& faces = work_.prediction.faces;
    for (std::size_t i = 0; i < faces.size(); ++i) faces[i].probabilities = std::move(rows.at(i));
    tracking_.update(work_);
    stabilizer_->update(work_.prediction);
    for (const output::FacePrediction& face : faces) {
      engine_.metrics.face(face.uncertain ? output::kUncertain
                                          : setting_.model->labels().name(face.label()));
    }
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  answer();
}

void FrameStream::fail(const std::string& problem) {
  work_.prediction.frame.error = problem;
  work_.prediction.frame.image.release();
  work_.prediction.faces.clear();
  answer();
}

void FrameStream::answer() {
  engine_.metrics.stream_frame();
  const PictureAnswer answer{work_.prediction, left_out_, {}, {}};
  nlohmann::ordered_json json = picture_json(
      answer, setting_.model ? setting_.model->labels() : LabelSet(), setting_.parameters);
  json["model"] = setting_.model ? setting_.model->name() : "";
  {
    const std::lock_guard lock(mutex_);
    json["dropped"] = std::exchange(dropped_, 0);
  }
  // send_() may call answered() at once, and that begin(), so nothing of this frame may be needed
  // from here on.
  token_.reset();
  send_(output::json_line(json));
}

}  // namespace fer::serve
