// The sections of an evaluation's page. A section without data has no content.
#pragma once

#include "fer/report/evaluation_page.h"
#include "fer/report/html.h"
#include "fer/report/page_parts.h"

namespace fer::report {

// The top of the page: its title, the accuracy and the other scores.
std::string page_title(const EvaluationPage& page);
html::Markup headline(const EvaluationPage& page, const FigureShelf& figures);

PageSection trust_section(const EvaluationPage& page);
PageSection measured_section(const EvaluationPage& page);

PageSection classes_section(const EvaluationPage& page, const FigureShelf& figures);
PageSection confusion_section(const EvaluationPage& page, const FigureShelf& figures);
PageSection calibration_section(const EvaluationPage& page, const FigureShelf& figures);

PageSection robustness_section(const EvaluationPage& page, const FigureShelf& figures);
PageSection votes_section(const EvaluationPage& page, const FigureShelf& figures);
PageSection models_section(const EvaluationPage& page, const FigureShelf& figures);

PageSection faces_section(const EvaluationPage& page);
PageSection suspicious_section(const EvaluationPage& page);

PageSection model_card_section(const EvaluationPage& page);
PageSection data_card_section(const EvaluationPage& page);

}  // namespace fer::report
