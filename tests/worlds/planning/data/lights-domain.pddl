; Constants, no arguments, negative preconditions and goals, effects that both delete and add.
(define (domain lights)
  (:requirements :strips :typing :negative-preconditions :equality)
  (:types lamp button)
  (:constants main - lamp red - button)
  (:predicates (power) (lit ?l - lamp) (wired ?b - button ?l - lamp) (stuck ?b - button))
  (:action start :parameters () :precondition (not (power)) :effect (power))
  (:action turn-on
    :parameters (?b - button ?l - lamp)
    :precondition (and (power) (wired ?b ?l) (not (lit ?l)) (not (stuck ?b)))
    :effect (lit ?l))
  (:action turn-off
    :parameters (?b - button ?l - lamp)
    :precondition (and (and (wired ?b ?l) (lit ?l)) (not (= ?b red)))
    :effect (not (lit ?l)))
  (:action trip
    :parameters (?l - lamp)
    :precondition (and (lit main) (lit ?l) (not (= ?l main)))
    :effect (and (not (power)) (not (lit main)) (stuck red)))
  (:action pass-on
    :parameters (?a ?b - lamp)
    :precondition (and (lit ?a) (power))
    :effect (and (lit ?b) (not (lit ?a))))
  (:action kick
    :parameters (?b - button ?c - button)
    :precondition (and (stuck ?b) (= ?b ?c))
    :effect (not (stuck ?c))))
