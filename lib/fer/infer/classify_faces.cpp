#include "fer/infer/classify_faces.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include "fer/infer/face_model.h"
#include "fer/infer/grad_cam.h"
#include "fer/infer/mixture.h"

namespace fer::infer {

namespace {

// Below so many looks at a face the other cores are the detector's.
constexpr std::size_t kWorthThreads = 8;

constexpr std::size_t kUsual = static_cast<std::size_t>(-1);

struct Member {
  std::unique_ptr<const FaceModel> model;
  double share;
  std::size_t cut;  // which of Members::wanted it takes; kUsual: FacePixels
};

struct Members {
  std::vector<Member> all;
  std::vector<FaceCut> wanted;

  std::size_t class_count() const { return all.front().model->class_count(); }

  void add(std::unique_ptr<const FaceModel> model, double share) {
    std::size_t cut = kUsual;
    if (!model->takes_usual_faces()) {
      cut = static_cast<std::size_t>(std::find(wanted.begin(), wanted.end(), model->cut()) -
                                     wanted.begin());
      if (cut == wanted.size()) wanted.push_back(model->cut());
    }
    all.push_back({std::move(model), share, cut});
  }
};

Members members_of(const std::vector<model::NamedModel>& models, Precision precision) {
  const std::vector<double> shares = mixture_shares(model::own_weights(models), models.size());
  Members members;
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (shares[i] == 0.0) continue;
    const model::Model& model = models[i].model;
    const std::string origin = models[i].path.string();
    members.add(
        std::make_unique<const FaceModel>(model, origin, resolved(precision, model.info, origin)),
        shares[i]);
  }
  return members;
}

std::vector<float> rows_by(const Member& member, std::span<const FacePixels> faces,
                           std::span<const FaceCuts> cuts, Tta tta, runtime::Team& team) {
  if (member.cut == kUsual || cuts.empty()) {
    return member.model->probabilities(faces, tta, team);
  }
  std::vector<std::uint8_t> bytes;
  for (const FaceCuts& face : cuts) {
    const std::vector<std::uint8_t>& own = face.at(member.cut);
    bytes.insert(bytes.end(), own.begin(), own.end());
  }
  return member.model->probabilities_of_cuts(bytes, tta, team);
}

// In double, so that the mean of equal rows is that row.
std::vector<double> mean_of(const Members& members, std::span<const FacePixels> faces,
                            std::span<const FaceCuts> cuts, Tta tta, runtime::Team& team) {
  std::vector<double> sum(faces.size() * members.class_count());
  for (const Member& member : members.all) {
    const std::vector<float> rows = rows_by(member, faces, cuts, tta, team);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += member.share * double{rows.at(i)};
  }
  return sum;
}

std::vector<std::vector<float>> rows_of(const std::vector<double>& numbers, std::size_t classes) {
  std::vector<std::vector<float>> rows;
  for (auto row = numbers.begin(); row != numbers.end();
       row += static_cast<std::ptrdiff_t>(classes)) {
    rows.emplace_back(row, row + static_cast<std::ptrdiff_t>(classes));
  }
  return rows;
}

}  // namespace

ClassifyFaces classify_with(const std::vector<model::NamedModel>& models, Tta tta, int threads,
                            Precision precision) {
  const auto members = std::make_shared<const Members>(members_of(models, precision));
  return {members->wanted, [members, tta, threads](std::span<const FacePixels> faces,
                                                   std::span<const FaceCuts> cuts) {
            const std::size_t looks = faces.size() * members->all.size() * view_count(tta);
            runtime::Team& team = runtime::own_team(looks >= kWorthThreads ? threads : 1);
            return rows_of(mean_of(*members, faces, cuts, tta, team), members->class_count());
          }};
}

ExplainFaces explain_with(const std::vector<model::NamedModel>& models) {
  struct Lazy {
    model::Model model;
    std::string origin;
    std::once_flag once;
    std::optional<GradCam> cam;
  };
  const auto lazy = std::make_shared<Lazy>();
  lazy->model = models.front().model;
  lazy->origin = models.front().path.string();
  return [lazy](std::span<const FacePixels> faces, std::span<const std::int64_t> classes) {
    std::call_once(lazy->once, [&] {
      lazy->cam.emplace(lazy->model, lazy->origin);
      lazy->model = {};
    });
    return lazy->cam->maps(faces, classes, runtime::own_team(1));
  };
}

}  // namespace fer::infer
