"""The learned correction: what ships, what it says of itself, and that training it again gives the same."""

from dataclasses import replace

import numpy as np
import pytest

from demand.forecasting import forecast_matrix, network, trees
from demand.forecasting.correction import ARTIFACTS, Correction, shipped_correction
from demand.forecasting.ensemble import fit
from demand.forecasting.features import Features
from demand.forecasting.intervals import STORED_LEVELS, Factors, standard_factors
from demand.forecasting.simulator import simulate
from demand.forecasting.training import Recipe, join, learn, member_profile, train, training_cases
from tests.demand.forecasting.series import seasonal

TINY = Recipe(
    series=300, networks=1, net=network.Recipe(hidden=(16,), epochs=2), tree=trees.Recipe(rounds=3, leaves=4)
)


@pytest.fixture(scope="module")
def tiny():
    return train(TINY)


class TestShipped:
    def test_it_is_small_and_says_how_it_was_trained(self):
        assert sum(path.stat().st_size for path in ARTIFACTS.iterdir()) < 2_000_000
        notes = shipped_correction().trained
        assert "simulated series only" in notes["trained_on"]
        assert notes["recipe"]["series"] == Recipe().series
        assert notes["recipe"]["seed"] == Recipe().seed

    def test_it_is_better_than_none_on_series_it_has_not_seen(self):
        whole = simulate(400, seed=77, shortest=72)
        past, actual = whole[:, :-18], whole[:, -18:]
        errors = [
            np.abs(np.log(actual / forecast_matrix(past, 18, correction=one, levels=()).mean)).mean()
            for one in (Correction(), shipped_correction(), replace(shipped_correction(), trees=()))
        ]
        assert errors[1] < 0.97 * errors[0]
        assert errors[2] < 0.985 * errors[0]

    def test_its_factors_grow_with_the_level(self):
        table = shipped_correction().factors.table
        assert table.shape[2] == len(STORED_LEVELS)
        assert (np.diff(table, axis=2) >= 0).all()


class TestWithoutLightGBM:
    @pytest.fixture
    def alone(self, monkeypatch):
        monkeypatch.setattr(trees, "library", lambda: None)
        return Correction.load(ARTIFACTS)

    def test_the_network_corrects_alone_and_the_method_says_so(self, alone):
        assert alone.name == "network"
        made = forecast_matrix(seasonal(1, 60), 6, correction=alone)
        assert made.methods == ["ensemble + network"]

    def test_training_makes_a_network_only(self, monkeypatch):
        monkeypatch.setattr(trees, "library", lambda: None)
        assert train(TINY).name == "network"

    def test_a_library_that_cannot_be_loaded_counts_as_absent(self, monkeypatch):
        def refuse(name, *rest):
            raise OSError("libgomp.so.1: cannot open shared object file")

        monkeypatch.setattr("builtins.__import__", refuse)
        assert trees.library.__wrapped__() is None


class TestTraining:
    def test_the_same_recipe_gives_the_same_correction(self, tiny):
        again = train(TINY)
        features = Features(fit(seasonal(5, 60), logs=True))
        assert (again.predicted(features) == tiny.predicted(features)).all()

    def test_what_is_saved_is_what_is_loaded(self, tiny, tmp_path):
        tiny.save(tmp_path)
        loaded = Correction.load(tmp_path)
        done = fit(seasonal(5, 60), logs=True)
        assert loaded.logs(done, 18) == pytest.approx(tiny.logs(done, 18), abs=1e-3)
        assert loaded.name == tiny.name == "network and trees"
        assert loaded.trained["cases"] == tiny.trained["cases"]

    def test_the_network_learns_what_can_be_learned(self):
        random = np.random.default_rng(0)
        inputs = random.standard_normal((3000, 5)).astype(np.float32)
        targets = np.repeat(inputs[:, :1] * 0.5, 24, axis=1)
        recipe = network.Recipe(hidden=(16,), epochs=30, dropout=0.0, input_dropout=0.0, decay=0.0)
        made = network.train(inputs, targets, np.ones(3000), np.ones(3000), recipe)
        missed = made.corrections(inputs, np.ones(3000)) - targets
        assert np.abs(missed).mean() < 0.2 * np.abs(targets).mean()

    def test_a_year_of_targets_is_never_seen_by_the_features(self):
        values = simulate(50, seed=3, shortest=80)
        changed = values.copy()
        changed[:, -24:] *= 2
        one, other = training_cases(values), training_cases(changed)
        assert (one.inputs == other.inputs).all()
        assert other.targets == pytest.approx(one.targets + np.log(2), abs=1e-4)

    def test_series_that_are_not_positive_teach_nothing(self):
        assert training_cases(np.zeros((3, 80))) is None
        assert training_cases(simulate(5, seed=1)[:, -30:]) is None

    def test_members_of_simulated_series_err_in_plausible_proportions(self):
        cases = join([training_cases(simulate(300, seed=5))])
        profile = member_profile(cases)
        assert 0.95 < profile["damped"] < 1.1
        assert 1.05 < profile["last year"] < 1.6

    def test_learning_needs_no_trees(self):
        cases = join([training_cases(simulate(200, seed=6))])
        assert learn(cases, replace(TINY, with_trees=False)).name == "network"


class TestSimulator:
    def test_it_is_seeded(self):
        assert np.array_equal(simulate(20, seed=1), simulate(20, seed=1), equal_nan=True)
        assert not np.array_equal(simulate(20, seed=1), simulate(20, seed=2), equal_nan=True)

    def test_series_are_positive_gapless_and_of_the_asked_lengths(self):
        values = simulate(200, seed=1, months=100, shortest=40)
        known = np.isfinite(values)
        assert values[known].min() > 0
        assert known.sum(1).min() >= 40
        assert (np.diff(known.astype(int), axis=1) >= 0).all()


class TestFactors:
    def test_standard_factors_are_those_of_the_normal(self):
        at = standard_factors().at(0.95, np.array([100]), 3)
        assert at[0, 0] == pytest.approx(1.96 / np.sqrt(2 / np.pi), abs=0.01)

    def test_measured_factors_are_quantiles(self):
        ratios = np.tile(np.linspace(0, 1, 1001)[:, None], (1, 24))
        at = Factors.measured(ratios, np.full(1001, 100)).at(0.9, np.array([100]), 30)
        assert at.shape == (1, 30)
        assert at[0] == pytest.approx([0.9] * 30)
