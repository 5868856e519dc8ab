"""Tools, histories, retrievers and caches in whole agents and chains; and a real model over HTTP."""

from __future__ import annotations

import json

import pytest
from langchain.agents import create_agent
from langchain_core.globals import set_llm_cache
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables.history import RunnableWithMessageHistory
from langgraph.checkpoint.memory import InMemorySaver

from agentmem.bank import Bank
from agentmem.errors import AgentMemError, InvalidInput
from agentmem.records import Event
from langchain_agentmem import (
    AgentMemCache,
    AgentMemChatMessageHistory,
    AgentMemRetriever,
    AgentMemStore,
    AgentMemVectorStore,
    LangChainEmbedder,
    MemoryMiddleware,
    memory_tools,
)

HOME = ("acme", "u1")


class Scripted(GenericFakeChatModel):
    def bind_tools(self, tools, **options):
        return self


def scripted(*messages):
    return Scripted(messages=iter([AIMessage(one) if isinstance(one, str) else one for one in messages]))


def calls(name, id="c1", **args):
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": id}])


def texts(bank, namespace=HOME):
    return [(record.type, record.text) for record in bank.store("episodic", namespace).select()]


def test_an_agent_manages_its_memory_and_what_memory_answers_is_no_news(bank):
    tools = memory_tools(bank, namespace=HOME)
    model = scripted(
        calls("remember", text="Maya likes green tea."),
        calls("recall", "c2", question="What does Maya like?"),
        "Green tea.",
    )
    agent = create_agent(
        model, middleware=[MemoryMiddleware(bank, namespace=HOME, tools=tools)], checkpointer=InMemorySaver()
    )
    result = agent.invoke({"messages": [("user", "Note it.")]}, {"configurable": {"thread_id": "a"}})
    answers = [message.text for message in result["messages"] if isinstance(message, ToolMessage)]
    assert answers[0].startswith("Remembered as")
    assert "Maya likes green tea." in answers[1]
    assert [type for type, _ in texts(bank)] == ["message", "action", "note", "action", "message"]


def test_tools_work_on_the_memory_of_whom_the_context_names(bank):
    from dataclasses import dataclass

    @dataclass
    class Who:
        user: str

    tools = memory_tools(bank, namespace=("acme", "{user}"))
    agent = create_agent(scripted(calls("remember", text="Likes tea."), "Done."), tools, context_schema=Who)
    agent.invoke({"messages": [("user", "Note it.")]}, context=Who("u2"))
    assert texts(bank, ("acme", "u2")) == [("note", "Likes tea.")]


def test_an_error_is_an_answer_that_tells_the_remedy(bank):
    forget = next(tool for tool in memory_tools(bank, namespace=HOME) if tool.name == "forget")
    assert forget.invoke({"id": "nobody"}).startswith("Error:")


def test_what_is_trusted_more_stands_beside_a_correction(bank):
    receipt = bank.store("episodic", HOME).observe("I live in Oslo.")[0]
    correct = next(tool for tool in memory_tools(bank, namespace=HOME) if tool.name == "correct")
    assert "beside" in correct.invoke({"id": receipt.event_id, "text": "The user lives in Rome."})


def test_a_history_keeps_messages_as_they_were(bank):
    history = AgentMemChatMessageHistory("s1", bank, namespace=HOME)
    messages = [
        SystemMessage("Be brief."),
        HumanMessage(
            [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "x"}}]
        ),
        calls("look", at="it"),
        ToolMessage("a cat", tool_call_id="c1", artifact={"n": 1}),
        AIMessage("A cat."),
    ]
    history.add_messages(messages)
    again = AgentMemChatMessageHistory("s1", bank, namespace=HOME)
    assert again.messages == messages
    assert AgentMemChatMessageHistory("s2", bank, namespace=HOME).messages == []
    again.clear()
    assert again.messages == []
    again.add_user_message("Hello.")
    assert [message.text for message in history.messages] == ["Hello."]


def test_a_chain_with_a_history(bank):
    prompt = ChatPromptTemplate.from_messages([MessagesPlaceholder("past"), ("user", "{said}")])
    chain = RunnableWithMessageHistory(
        prompt | scripted("Hello Maya.", "You are Maya."),
        lambda session: AgentMemChatMessageHistory(session, bank, namespace=HOME),
        input_messages_key="said",
        history_messages_key="past",
    )
    for said in ("I am Maya.", "Who am I?"):
        chain.invoke({"said": said}, {"configurable": {"session_id": "s"}})
    assert [text for _, text in texts(bank)] == ["I am Maya.", "Hello Maya.", "Who am I?", "You are Maya."]


def test_a_retriever_of_a_conversation_tells_who_said_it(knowing):
    knowing.store("episodic", ("talk",)).observe(
        "The cat sleeps on the red sofa.", "Shares fell by two percent."
    )
    found = AgentMemRetriever(bank=knowing, namespace=("talk",)).invoke("Where does the cat sleep?")
    assert found[0].page_content == "The cat sleeps on the red sofa."
    assert found[0].metadata["trust"] == "user"
    assert found[0].metadata["score"] > 0
    assert AgentMemRetriever(bank=knowing, namespace=("talk",)).invoke("How are prime numbers found?") == []


def test_a_question_may_name_an_entity(knowing):
    knowing.store("entities", ("who",)).observe(
        Event(actor="Maya", text="The cat sleeps."), Event(actor="Bob", text="The cat eats.")
    )
    retriever = AgentMemRetriever(bank=knowing, namespace=("who",), entity="Maya", floor=False)
    assert [one.page_content for one in retriever.invoke("cat")] == ["The cat sleeps."]
    assert [one.page_content for one in retriever.invoke("cat", entity="Bob")] == ["The cat eats."]
    (recall,) = (one for one in memory_tools(knowing, namespace=("who",)) if one.name == "recall")
    said = recall.invoke({"question": "What does the cat do?", "entity": "Maya"})
    assert "sleeps" in said and "eats" not in said


def test_a_vector_store_filters_and_ranks(knowing):
    store = AgentMemVectorStore(knowing, namespace=("library",))
    store.add_texts(
        ["The cat sleeps.", "The dog sleeps.", "Shares fell.", "A kitten naps."],
        [
            {"n": 1, "tags": ["pet"]},
            {"n": 2, "tags": ["pet"]},
            {"n": 3, "tags": []},
            {"n": 4, "tags": ["pet"]},
        ],
        ids=["a", "b", "c", "d"],
    )
    assert {one.id for one in store.similarity_search("Where is the feline?", k=2)} == {"a", "d"}
    assert store.similarity_search("feline", k=2, filter={"n": {"$gte": 2}})[0].id == "d"
    assert [one.id for one in store.similarity_search("feline", k=9, filter={"tags": []})] == ["c"]
    assert [one.id for one in store.similarity_search("feline", k=9, filter="metadata.n < 2")] == ["a"]
    vector = store.embeddings.embed_query("Shares")
    assert store.similarity_search_by_vector(vector, k=1)[0].id == "c"
    assert store.similarity_search_by_vector([3 * x for x in vector], k=1)[0].id == "c"
    assert {one.id for one in store.max_marginal_relevance_search("animals that sleep", k=3)} <= set("abcd")
    document, score = store.similarity_search_with_relevance_scores("The cat sleeps.", k=1)[0]
    assert document.id == "a"
    assert score == pytest.approx(1.0, abs=1e-3)


def test_a_bank_with_an_embedding_of_langchain(tmp_path):
    from langchain_core.embeddings import DeterministicFakeEmbedding

    embedding = DeterministicFakeEmbedding(size=12)
    store = AgentMemVectorStore.from_texts(["one", "two"], embedding, ids=["1", "2"], bank=tmp_path / "m.db")
    assert store.similarity_search("two", k=1)[0].id == "2"
    store.documents.bank.close()
    with Bank(tmp_path / "m.db", embedder=LangChainEmbedder(embedding)) as bank:
        assert AgentMemVectorStore(bank).similarity_search("one", k=1)[0].id == "1"


def test_an_embedding_that_gives_too_little_is_named():
    class Broken:
        def embed_query(self, text):
            return [1.0, 0.0]

        def embed_documents(self, texts):
            return [[0.0, 0.0] for _ in texts]

    with pytest.raises(InvalidInput, match="a vector of zeros"):
        LangChainEmbedder(Broken(), "broken").embed(["a"])


def test_answers_come_from_the_cache(bank):
    set_llm_cache(AgentMemCache(bank))
    try:
        model = scripted("first", "second")
        assert model.invoke("Hello?").text == "first"
        assert model.invoke("Hello?").text == "first"
        assert model.invoke("Hello!").text == "second"
    finally:
        set_llm_cache(None)


def test_memory_and_store_together_in_an_agent(bank):
    store = AgentMemStore(bank)
    agent = create_agent(scripted("Hello."), middleware=[MemoryMiddleware(bank, namespace=HOME)], store=store)
    agent.invoke({"messages": [("user", "Hello?")]})
    store.put(("prefs", "u1"), "tone", {"text": "formal"})
    assert store.get(("prefs", "u1"), "tone").value == {"text": "formal"}
    assert texts(bank) == [("message", "Hello?"), ("message", "Hello.")]


@pytest.mark.slow
def test_the_embedded_model_over_http_is_shown_what_was_recalled(knowing):
    from langchain_openai import ChatOpenAI

    from agentmem.models import user
    from agentmem.models.llama_cpp import LlamaCppChat

    llama = LlamaCppChat(window=1_024)
    llama.complete([user("Hello?")], max_tokens=1)
    model = ChatOpenAI(
        model="smollm2", base_url=f"{llama.address}/v1", api_key="none", max_tokens=12, temperature=0
    )
    knowing.store("episodic", ("http",)).observe("My sister Ada is allergic to walnuts.")
    seen = {}
    for name, budget in (("without", 0), ("with", 300)):
        agent = create_agent(
            model, middleware=[MemoryMiddleware(knowing, namespace=("http",), budget=budget)]
        )
        result = agent.invoke({"messages": [("user", "What is my sister Ada allergic to?")]})
        seen[name] = result["messages"][-1].usage_metadata["input_tokens"]
        chunks = [
            chunk.content
            for chunk, _ in agent.stream(
                {"messages": [("user", f"Say a word, {name}.")]}, stream_mode="messages"
            )
        ]
        assert "".join(str(chunk) for chunk in chunks)
    assert seen["with"] > seen["without"] + 20
    kept = [text for _, text in texts(knowing, ("http",))]
    assert kept[:2] == ["My sister Ada is allergic to walnuts.", "What is my sister Ada allergic to?"]
    assert json.dumps(kept).count("Say a word") == 2


def test_several_stores_are_one_memory_for_middleware_tools_and_retriever(knowing, wrong_sum):
    home, both = ("sums",), "keyed+episodic"
    knowing.store("keyed", home).put("nuts", "Ada is allergic to nuts.")
    memory = MemoryMiddleware(knowing, both, namespace=home)
    create_agent(scripted("I see."), middleware=[memory]).invoke(
        {"messages": [("user", "Ada keeps two white cats.")]}
    )
    found = AgentMemRetriever(bank=knowing, namespace=home, store=both)
    said = [one.page_content for one in found.invoke("What is Ada allergic to, and which cats are hers?")]
    assert {"Ada is allergic to nuts.", "Ada keeps two white cats."} <= set(said)
    (recall,) = (one for one in memory_tools(knowing, both, namespace=home) if one.name == "recall")
    assert "allergic to nuts" in recall.invoke({"question": "What is Ada allergic to?"})
    given, message = wrong_sum
    with pytest.raises(AgentMemError) as raised:
        AgentMemRetriever(bank=knowing, namespace=home, store=given).invoke("What?")
    assert message in str(raised.value)
